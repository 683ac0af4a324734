"""From pairs of alike texts to groups: neighbours in time, agglomeration, undated stories, copies, exact updates."""
