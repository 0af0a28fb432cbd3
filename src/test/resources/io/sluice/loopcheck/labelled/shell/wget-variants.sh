#!/bin/sh
wget -q --timeout=10 https://example.com/a
wget -qT 10 https://example.com/b
wget https://example.com/c
