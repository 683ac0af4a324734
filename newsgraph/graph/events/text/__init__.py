"""From a headline and an excerpt to terms, vectors and the actors that it names."""
