@echo off
echo :loop
echo goto loop
