// purpose: who published what on which event when; who was first, and how often, follows from it
// include: times_of_coverage
