#!/bin/sh
cat > loop.sh <<'EOF'
while true; do
  sleep 1
done
EOF
