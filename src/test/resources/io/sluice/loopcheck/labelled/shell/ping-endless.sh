#!/bin/sh
ping host
ping -c 3 host
