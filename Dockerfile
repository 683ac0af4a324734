# newsgraph in a container. What is built here is the wheel that a release publishes.
#   docker build --tag newsgraph .
#   docker run --rm --volume "$PWD/articles:/articles:ro" --volume newsgraph:/data newsgraph load /articles
#   docker run --rm --volume newsgraph:/data newsgraph ask scoops
# With Neo4j beside it: docker-compose.yml, and docs/neo4j.md.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
RUN python -m venv /program
# The dependencies change less often than the code: they are a layer of their own.
COPY pyproject.toml README.md LICENSE ./
COPY newsgraph/version.py newsgraph/version.py
RUN python -c "import pathlib, tomllib; p = tomllib.loads(pathlib.Path('pyproject.toml').read_text('utf-8'))['project']; \
e = p['optional-dependencies']; print(*p['dependencies'], *e['parquet'], *e['semantic'], *e['watch'], *e['zst'], sep='\n')" > /requirements.txt \
 && /program/bin/pip install --requirement /requirements.txt
COPY newsgraph newsgraph
RUN /program/bin/pip install --no-deps . \
 && /program/bin/newsgraph --version

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="newsgraph" \
      org.opencontainers.image.description="A knowledge graph of news stories, outlets and topics" \
      org.opencontainers.image.licenses="MIT"
# A user of its own without a password or a shell; a folder that it may write to, for stores, exports and pages.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin newsgraph \
 && install --directory --owner=newsgraph --group=newsgraph /data
COPY --from=build /program /program
ENV PATH="/program/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER newsgraph
WORKDIR /data
VOLUME /data
ENTRYPOINT ["newsgraph"]
CMD ["--help"]
