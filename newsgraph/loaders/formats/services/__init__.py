"""The answers of services, and the output of programs that collect news. Each is a dialect of JSON."""
