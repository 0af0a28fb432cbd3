#!/bin/bash
sudo bash -s <<'EOF'
until systemctl is-active app; do
  sleep 1
done
EOF
