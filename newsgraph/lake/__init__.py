"""A lake: the graph of a corpus as a folder of Parquet files, made in partitions by one machine or by many.

The partition functions know no engine. An engine (:mod:`newsgraph.lake.engine`) runs them: in this process, in several
processes of this machine, or on Spark. What they make is the graph that a load into one store gives.
"""
