# shellcheck shell=bash
# Debian packages, fetched with apt's own checks but unpacked into our cache instead of installed: nothing of the machine's
# package set changes, no service starts, and a container runtime that is already installed stays as it is.
#
# The archive is always one that the machine itself uses. What we want from it is named by release, so the machine's own
# release does not matter: bookworm for everything, and bullseye for Go 1.15.

# Every archive of the machine, most likely first. A mirror may serve the releases under any path, hence the last line.
machine_archives() {
  local listed
  listed=$(apt-get indextargets --format '$(REPO_URI)' | sed 's#/*$##' | awk '!seen[$0]++')
  {
    [[ -z ${SLIPWAY_DEBIAN_ARCHIVE:-} ]] || echo "$SLIPWAY_DEBIAN_ARCHIVE"
    grep debian <<<"$listed" | grep -v security || true
    sed -n 's#/debian-security#/debian#p' <<<"$listed"
    echo "$listed"
  } | awk 'NF && !seen[$0]++'
}

# apt with a state of its own in $archive_state.
private_apt() {
  apt-get -qq -o Dir::State="$archive_state/state" -o Dir::State::status="$archive_state/status" \
    -o Dir::Cache="$archive_state/cache" -o Dir::Etc::sourcelist="$archive_state/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts="$archive_state/none" -o APT::Sandbox::User= -o Acquire::Retries=3 \
    -o Acquire::http::Timeout=30 -o APT::Update::Error-Mode=any "$@" </dev/null
}

# Finds an archive that has both releases; afterwards `private_apt download` and `private_apt source` work.
open_archive() {
  archive_state=$1
  local uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg options tried=()
  options="check-valid-until=no"
  [[ ! -r $keyring ]] || options+=" signed-by=$keyring"
  mkdir -p "$archive_state/none" "$archive_state/state/lists/partial" "$archive_state/cache/archives/partial"
  : >"$archive_state/status"
  while read -r uri; do
    printf 'deb [%s] %s bookworm main\ndeb [%s] %s bullseye main\ndeb-src [%s] %s bookworm main\n' \
      "$options" "$uri" "$options" "$uri" "$options" "$uri" >"$archive_state/sources.list"
    if private_apt update >"$archive_state/update.log" 2>&1; then return; fi
    tried+=("$uri: $(grep -m1 '^E:' "$archive_state/update.log" || tail -n1 "$archive_state/update.log")")
  done < <(machine_archives)
  printf '  tried %s\n' "${tried[@]:-nothing: the machine lists no archive}" >&2
  die "no Debian archive of this machine serves both bookworm and bullseye. Set SLIPWAY_DEBIAN_ARCHIVE to the URI of one that does."
}

# unpack DIR PACKAGE...: downloads the packages and unpacks them into DIR.
unpack() {
  local into=$1 deb debs
  shift
  debs=$(mktemp -d "$archive_state/debs.XXXXXX")
  (cd "$debs" && private_apt download "$@")
  for deb in "$debs"/*.deb; do dpkg-deb --extract "$deb" "$into"; done
  rm -r "$debs"
}
