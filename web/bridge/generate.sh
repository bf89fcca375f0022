#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the C and TypeScript code of bridge.proto to the two folders given (by default the committed ones).
# Needs protobuf-compiler and nanopb (Debian packages) and `npm ci`.
set -eu
cd "$(dirname "$0")"
c=${1:-../../guest/agent/generated}
ts=${2:-generated}
options=oneof=unions-value,forceLong=bigint,env=browser
options=$options,enumsAsLiterals=true,removeEnumPrefix=true,unrecognizedEnum=false
options=$options,outputJsonMethods=false,outputPartialMethods=false,exportCommonSymbols=false
options=$options,annotateFilesWithVersion=false
protoc --plugin=protoc-gen-ts_proto=../../node_modules/.bin/protoc-gen-ts_proto \
	--ts_proto_out="$ts" --ts_proto_opt="$options" bridge.proto
protoc --plugin=protoc-gen-nanopb="$(command -v protoc-gen-nanopb)" \
	--nanopb_out=-T:"$c" bridge.proto
