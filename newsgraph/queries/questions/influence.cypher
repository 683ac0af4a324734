// purpose: who published what on which event when; who follows whom is counted from it
// include: times_of_coverage
