"""The answers of services and the output of programs that collect news: a dialect of JSON each."""
