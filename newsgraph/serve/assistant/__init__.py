"""What an assistant may ask: tools that answer from the graph, with the stories that an answer stands on."""
