// purpose: which outlets are on which event; pairs of outlets are counted from it
// include: times_of_coverage
