@echo off
rem :loop
rem goto loop
:: goto loop
echo done
