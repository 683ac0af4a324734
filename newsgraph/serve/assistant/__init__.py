"""Tools by which an assistant can ask the graph. Each answer comes with the stories that it is based on."""
