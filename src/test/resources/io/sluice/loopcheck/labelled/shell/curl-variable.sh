#!/bin/bash
CURL_OPTS="--silent --max-time 20"
args=(--fail -m 5)
curl $CURL_OPTS https://example.com
curl "${args[@]}" https://example.com
curl $OTHER https://example.com
