# The web service on a CPU; see docs/serve.md. It has not been built yet.
FROM python:3.11-slim

WORKDIR /srv/pokecolor
COPY constraints.txt requirements-serve.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements-serve.lock
# where an index has PyTorch without CUDA, name it: that build is a tenth as large
ARG PIP_EXTRA_INDEX_URL
RUN pip install --no-cache-dir --constraint constraints.txt torch
COPY setup.cfg setup.py pyproject.toml README.md LICENSE NOTICE ./
COPY pokecolor ./pokecolor
COPY conf ./conf
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --create-home painter \
    && mkdir /collection && chown painter /collection

USER painter
ENV HF_HUB_OFFLINE=1
VOLUME /collection
EXPOSE 7860
HEALTHCHECK --start-period=60s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthy')"
CMD ["pokecolor", "serve", "--host", "0.0.0.0", "--data-dir", "/collection"]
