#!/bin/sh
python3 - <<'EOF'
import time
while 1:
    time.sleep(1)
EOF
