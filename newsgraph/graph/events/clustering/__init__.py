"""Groups alike texts: neighbours in time, agglomeration, undated stories, copies."""
