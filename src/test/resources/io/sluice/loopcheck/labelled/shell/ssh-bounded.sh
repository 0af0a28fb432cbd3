#!/bin/sh
ssh -o BatchMode=yes -o ConnectTimeout=10 deploy@host true
