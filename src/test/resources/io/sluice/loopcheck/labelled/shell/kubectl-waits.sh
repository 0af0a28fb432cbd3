#!/bin/sh
kubectl wait --for=condition=ready pod/x --timeout=60s
kubectl wait --for=condition=ready pod/y
kubectl rollout status deploy/app
kubectl -n prod rollout status deploy/app --timeout 5m
kubectl get pods
