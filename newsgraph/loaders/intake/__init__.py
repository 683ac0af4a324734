"""Gets from the paths that a user names to the bytes and the text of each file: folders, archives, compression,
encodings."""
