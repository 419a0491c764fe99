# What .ci/services needs before it can start a server; sourced by it. Needs `here`, `say` and `fail`.
# shellcheck shell=bash

# Runs a command up to three times: downloads fail now and then.
attempt() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    say "attempt $try of 3 failed: $*"
    sleep "$try"
  done
  return 1
}

# debian <command> <package>…: installs the packages when the command is missing.
debian() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    fail "$command is missing: install the package(s) $* and start again"
  fi
  say "installing $* (needed for $command)"
  attempt quietly apt-get update || fail "apt-get update failed; $command is missing (packages: $*)"
  # RUNLEVEL=1 keeps Debian from starting the server that a package brings.
  attempt quietly env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
    fail "apt-get install $* failed; $command is missing"
  command -v "$command" >/dev/null || fail "$command is still missing after installing $*"
}

# Shows a command's output only when it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" | tail -n 20 >&2
    return 1
  }
}

download_cache() {
  local dir=${SHOP_CACHE_DIR:-${HOME:-/nonexistent}/.cache/shop-supergraph}
  if mkdir -p "$dir" 2>/dev/null && [ -w "$dir" ]; then echo "$dir"; else echo "$here/../.cache/downloads"; fi
}

# jars <kafka|mongo>: prints the folder with the jars of .ci/<name>/pom.xml, fetched unless the cache has them.
jars() {
  local name=$1 target temporary
  target="$(download_cache)/$name-$(cat "$here/$name"/* | cksum | tr ' ' '-')"
  if [ ! -d "$target" ]; then
    temporary="$target.$$"
    rm -rf "$temporary"
    mkdir -p "$temporary"
    say "fetching the jars of $name (once, some 10 s)"
    attempt quietly mvn -B -q -f "$here/$name/pom.xml" dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory="$temporary" ||
      fail "could not fetch the jars of $name: Maven failed three times, see above (is the network or its settings.xml in order?)"
    if [ "$name" = mongo ]; then
      javac -cp "$temporary/*" -d "$temporary" "$here/mongo/MongoForTests.java" || fail "could not compile MongoForTests.java"
    fi
    # Renaming makes it appear whole or not at all; whoever comes second drops its own.
    mv -T "$temporary" "$target" 2>/dev/null || rm -rf "$temporary"
  fi
  echo "$target"
}

# Prints the program that .ci/toxiproxy names, built unless the cache has it.
toxiproxy_program() {
  local target temporary
  target="$(download_cache)/toxiproxy-$(cat "$here/toxiproxy"/* | cksum | tr ' ' '-')"
  if [ ! -x "$target" ]; then
    # Debian 12's is too old for it.
    command -v go >/dev/null || fail 'go is missing: install Go 1.24 or later (see go.dev) and start again'
    temporary="$target.$$"
    say 'building toxiproxy (once, some 25 s)'
    attempt quietly env -C "$here/toxiproxy" go build -o "$temporary" github.com/Shopify/toxiproxy/v2/cmd/server ||
      fail 'could not build toxiproxy, see above'
    mv "$temporary" "$target"
  fi
  echo "$target"
}

mongod_binary() {
  if [ -n "${MONGOD:-}" ]; then echo "$MONGOD"; else command -v mongod || true; fi
}

provision() {
  command -v node >/dev/null || fail "node is missing: install Node 20 or later"
  case $1 in
  redis) debian redis-server redis-server ;;
  mongo)
    [ -n "$(mongod_binary)" ] && return 0
    debian javac default-jdk-headless
    debian mvn maven
    mongo_jars=$(jars mongo)
    ;;
  kafka)
    debian java default-jdk-headless
    debian mvn maven
    kafka_jars=$(jars kafka)
    ;;
  toxiproxy) toxiproxy=$(toxiproxy_program) ;;
  faketime) debian faketime faketime ;;
  esac
}
