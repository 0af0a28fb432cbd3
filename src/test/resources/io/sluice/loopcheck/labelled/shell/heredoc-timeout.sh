#!/bin/bash
timeout 60 bash <<'EOF'
until systemctl is-active app; do
  sleep 1
done
EOF
