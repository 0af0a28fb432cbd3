while 1; do
  x
done
