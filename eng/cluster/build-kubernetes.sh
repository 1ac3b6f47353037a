# shellcheck shell=bash
# Kubernetes from Debian's source package. It is the newest Kubernetes that Debian 12 carries with all its Go dependencies.
#
# Go 1.15 and no newer: what Go 1.18 or later makes of this source crashes on the first custom object (reflect2 in vendor/)
# and rejects empty strings in custom resources.

# build_kubernetes WORK INTO: builds in WORK and leaves the five binaries in INTO.
build_kubernetes() {
  local work=$1 into=$2 parts=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy) tree go
  unpack "$work/go" golang-1.15-go golang-1.15-src
  go=$work/go/usr/lib/go-1.15
  (cd "$work" && private_apt source --download-only kubernetes && dpkg-source --no-check -x kubernetes_*.dsc tree) >"$work/source.log" 2>&1 ||
    die "the source package kubernetes could not be fetched or unpacked: $(tail -n3 "$work/source.log")"
  tree=$work/tree
  grep -q "really$KUBERNETES_VERSION" "$tree/debian/changelog" ||
    die "the archive has $(head -n1 "$tree/debian/changelog"), not $KUBERNETES_VERSION"

  # Without it the servers call themselves v0.0.0-master, and clients that adapt to the version go wrong.
  printf 'KUBE_GIT_%s\n' "VERSION=v$KUBERNETES_VERSION" MAJOR=1 MINOR=20 TREE_STATE=archive COMMIT=debian >"$work/version"
  mkdir -p "$tree/.go/src/k8s.io"
  ln -sfn ../../.. "$tree/.go/src/k8s.io/kubernetes"
  (cd "$tree" && nice -n 5 env PATH="$go/bin:$PATH" GOROOT="$go" GOPATH="$tree/.go" GOCACHE="$work/gocache" GOFLAGS= GOPROXY=off \
    CGO_ENABLED=0 KUBE_GIT_VERSION_FILE="$work/version" make WHAT="${parts[*]/#/cmd/}") >"$work/make.log" 2>&1 </dev/null || {
    tail -n 30 "$work/make.log" >&2
    die "Kubernetes did not compile; the end of the log is above"
  }
  mkdir -p "$into"
  (cd "$tree/_output/bin" && mv "${parts[@]}" "$into")
}
