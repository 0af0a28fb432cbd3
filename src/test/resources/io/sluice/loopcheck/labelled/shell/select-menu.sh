#!/bin/bash
select env in dev prod quit; do
  case $env in
    quit) break ;;
    *) ./deploy.sh "$env" ;;
  esac
done
