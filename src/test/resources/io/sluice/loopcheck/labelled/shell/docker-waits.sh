#!/bin/sh
docker wait job
timeout 60 docker wait job
docker logs -f job
docker logs job
docker run --rm image
