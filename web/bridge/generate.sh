#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the C and TypeScript code of bridge.proto to the two folders given (by default the committed ones).
# Needs protobuf-compiler and nanopb (Debian packages) and `npm ci`.
set -eu
cd "$(dirname "$0")"
c=${1:-../../guest/agent/generated}
ts=${2:-generated}
protoc --plugin=protoc-gen-es=../../node_modules/.bin/protoc-gen-es \
	--es_out="$ts" --es_opt=target=ts,import_extension=ts bridge.proto
protoc --plugin=protoc-gen-nanopb="$(command -v protoc-gen-nanopb)" \
	--nanopb_out=-T:"$c" bridge.proto
