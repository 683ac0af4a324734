// purpose: who published what on which event when; pairs of outlets are compared from it
// include: times_of_coverage
