# shellcheck shell=bash
# One node with a real kubelet, and all that it leaves on the machine.
#
# containerd, kubelet and kube-proxy run in a PID and mount namespace of their own. The first process there is `pause`; when it
# ends, the kernel ends every shim and container and drops every mount and pod network, so nothing has to be looked for. In
# that namespace /run, /var/lib and /var/log are folders of ours: all default paths work, and an installed containerd or
# kubelet stays untouched. The machine's network is shared, because pods and Services have to be reachable from it.

readonly NODE_NAME=slipway-node
readonly POD_NETWORK=10.244.0.0/24
readonly BRIDGE=kube0
# What we, kubelet and kube-proxy write; `stop_node` puts the old values back.
readonly SYSCTLS=(net.ipv4.ip_forward net.ipv4.conf.all.send_redirects net.ipv4.conf.all.route_localnet net.bridge.bridge-nf-call-iptables
  vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes)

# Why pods cannot run here, in a sentence, or nothing.
node_obstacle() {
  local tool folder
  ((EUID == 0)) || { echo "only root can run a node"; return; }
  [[ -d $runtime ]] || { echo "$runtime is missing: run install --pods"; return; }
  for tool in ip iptables conntrack nsenter unshare; do
    command -v "$tool" >/dev/null || { echo "the command $tool is missing: run install --pods"; return; }
  done
  for folder in "$dir" "$cache"; do
    [[ ! $folder/ =~ ^/(run|var/lib|var/log)/ ]] || { echo "$folder is below a folder that the node has of its own (/run, /var/lib, /var/log)"; return; }
  done
  [[ -d /sys/fs/cgroup/memory || -e /sys/fs/cgroup/cgroup.controllers ]] || { echo "no cgroups are mounted on /sys/fs/cgroup"; return; }
  [[ -z $(kubepods) ]] || { echo "another kubelet runs or ran here: $(kubepods | head -n1) exists"; return; }
  [[ ! -e /sys/class/net/$BRIDGE ]] || { echo "the interface $BRIDGE exists already"; return; }
  iptables -t nat -S >/dev/null 2>&1 || { echo "iptables does not work: $(iptables -t nat -S 2>&1 | head -n1)"; return; }
  ! iptables-save 2>/dev/null | grep -q '^:KUBE-' || { echo "another node's iptables rules are here (chains KUBE-...)"; return; }
  unshare --mount --pid --fork true 2>/dev/null || { echo "this machine lets nobody make mount and PID namespaces"; return; }
}

kubepods() { find /sys/fs/cgroup -maxdepth 2 -name kubepods -type d 2>/dev/null; }

# Pods are told to pull from here by digest or tag like any image; `pause` is one layer with one file.
push_pause_image() {
  local image=$state/pause repository=http://127.0.0.1:$registry_port/v2/pause
  mkdir -p "$image"
  tar -C "$runtime" --owner=0 --group=0 --mtime=@0 -cf "$image/layer" pause
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/pause"]},"rootfs":{"type":"layers","diff_ids":["%s"]}}' \
    "$(dpkg --print-architecture)" "$(digest "$image/layer")" >"$image/config"
  printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' application/vnd.oci.image.manifest.v1+json \
    "$(descriptor "$image/config" application/vnd.oci.image.config.v1+json)" \
    "$(descriptor "$image/layer" application/vnd.oci.image.layer.v1.tar)" >"$image/manifest"
  push_blob "$repository" "$image/layer"
  push_blob "$repository" "$image/config"
  curl -sf -m 30 -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary @"$image/manifest" "$repository/manifests/1"
}

digest() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }

descriptor() { printf '{"mediaType":"%s","digest":"%s","size":%d}' "$2" "$(digest "$1")" "$(stat -c %s "$1")"; }

push_blob() {
  local upload
  upload=$(curl -sf -m 30 -X POST -D - -o /dev/null "$1/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  curl -sf -m 30 -X PUT -H 'Content-Type: application/octet-stream' --data-binary @"$2" "$upload&digest=$(digest "$2")"
}

# Traffic to a Service that has no endpoints or no rules yet is refused at once and, like that of the pods, stays on the machine.
make_bridge() {
  sysctl "${SYSCTLS[@]}" 2>/dev/null >"$state/sysctls" || true
  iptables-save >"$state/iptables-before"
  ip6tables-save >"$state/ip6tables-before"
  ip link add "$BRIDGE" type bridge
  ip address add "$NODE_ADDRESS/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  ip route add "$SERVICE_NETWORK" dev "$BRIDGE" src "$NODE_ADDRESS"
  iptables -N SLIPWAY
  iptables -A SLIPWAY -d "$SERVICE_NETWORK" -j REJECT
  iptables -A SLIPWAY -i "$BRIDGE" ! -o "$BRIDGE" -j REJECT
  iptables -A FORWARD -j SLIPWAY
  iptables -A OUTPUT -j SLIPWAY
  # A redirect to a pod, whose way to a Service goes in and out of the bridge, would use up what the kernel sends of refusals.
  sysctl -q net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 "net.ipv4.conf.$BRIDGE.send_redirects=0"
  sysctl -q net.bridge.bridge-nf-call-iptables=1 2>/dev/null || say "bridge-nf-call-iptables is missing: a pod may not reach a pod through a Service"
}

# Runs in the new namespaces. The id in /proc/self is still the machine's there, until the new /proc is mounted.
readonly ENTER_NODE='
  node=$1 pause=$2
  read -r id _ </proc/self/stat
  mount --make-rshared /
  mount -t proc proc /proc
  for folder in run var/lib var/log; do
    mkdir -p "$node/$folder"
    mount --bind "$node/$folder" "/$folder"
  done
  ! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
  echo "$id" >"$node/id"
  exec "$pause"'

start_namespaces() {
  node=$state/node
  mkdir -p "$node"
  start node unshare --mount --propagation private --pid --fork --kill-child bash -euc "$ENTER_NODE" enter-node "$node" "$runtime/pause"
  wait_for node 10 test -s "$node/id"
}

# start_in_node NAME COMMAND...
start_in_node() {
  local name=$1
  shift
  # Files of containers are for whoever runs in them, who is not always root.
  start "$name" nsenter --target "$(cat "$node/id")" --mount --pid -- env PATH="$runtime/usr/bin:$runtime/usr/sbin:$PATH" \
    AWS_EC2_METADATA_DISABLED=true bash -c 'umask 022; exec "$@"' "$name" "$@"
}

# Without restrict_oom_score_adj no sandbox starts where root lacks CAP_SYS_RESOURCE.
start_containerd() {
  mkdir -p "$node/var/lib/cni" "$node/etc/cni"
  cat >"$node/containerd.toml" <<END
version = 2
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "127.0.0.1:$registry_port/pause:1"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$runtime/usr/lib/cni"
conf_dir = "$node/etc/cni"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."127.0.0.1:$registry_port"]
endpoint = ["http://127.0.0.1:$registry_port"]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."$NODE_ADDRESS:$registry_port"]
endpoint = ["http://127.0.0.1:$registry_port"]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."127.0.0.1:$basic_port"]
endpoint = ["http://127.0.0.1:$basic_port"]
END
  cat >"$node/etc/cni/slipway.conflist" <<END
{
  "cniVersion": "0.4.0",
  "name": "slipway",
  "plugins": [
    {
      "type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "hairpinMode": true, "ipMasq": false,
      "ipam": { "type": "host-local", "ranges": [[{ "subnet": "$POD_NETWORK" }]], "routes": [{ "dst": "0.0.0.0/0" }] }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
END
  start_in_node containerd "$runtime/usr/bin/containerd" --config "$node/containerd.toml"
  wait_for containerd 20 test -S "$node/run/containerd/containerd.sock"
}

# The address of the cluster's DNS leads nowhere, as Debian has no DNS server for Kubernetes; without one each pod gets a Warning event.
start_kubelet() {
  write_kubeconfig "$node/kubelet.kubeconfig" "system:node:$NODE_NAME" "$node_token"
  free_port kubelet_health_port
  cat >"$node/kubelet.yaml" <<END
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
address: $NODE_ADDRESS
port: 10250
healthzBindAddress: 127.0.0.1
healthzPort: $kubelet_health_port
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
clusterDNS: [10.96.0.10]
cgroupDriver: cgroupfs
failSwapOn: false
nodeStatusUpdateFrequency: 1s # how soon the node says Ready
nodeStatusReportFrequency: 5m
kubeAPIQPS: 200
kubeAPIBurst: 200
eventRecordQPS: 0
registryPullQPS: 0
evictionHard: {memory.available: 100Mi}
imageGCHighThresholdPercent: 100
serializeImagePulls: false
END
  start_in_node kubelet "$kubernetes/kubelet" --config="$node/kubelet.yaml" --kubeconfig="$node/kubelet.kubeconfig" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_ADDRESS" --root-dir=/var/lib/kubelet --cert-dir=/var/lib/kubelet/pki \
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock
}

start_kube_proxy() {
  write_kubeconfig "$node/kube-proxy.kubeconfig" system:kube-proxy "$proxy_token"
  free_port proxy_health_port
  cat >"$node/kube-proxy.yaml" <<END
kind: KubeProxyConfiguration
apiVersion: kubeproxy.config.k8s.io/v1alpha1
mode: iptables
bindAddress: $NODE_ADDRESS
healthzBindAddress: 127.0.0.1:$proxy_health_port
metricsBindAddress: ""
hostnameOverride: $NODE_NAME
clusterCIDR: $POD_NETWORK
clientConnection: {kubeconfig: $node/kube-proxy.kubeconfig}
conntrack: {maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
iptables: {minSyncPeriod: 100ms, syncPeriod: 30s}
nodePortAddresses: [$NODE_ADDRESS/32] # and not the machine's own
END
  start_in_node kube-proxy "$kubernetes/kube-proxy" --config="$node/kube-proxy.yaml"
}

node_ready() {
  [[ $(as_admin get node "$NODE_NAME" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]
}

start_node() {
  push_pause_image
  make_bridge
  start_namespaces
  start_containerd
  start_kubelet
  start_kube_proxy
  start api-for-pods socat "TCP-LISTEN:$api_port,bind=$NODE_ADDRESS,fork,reuseaddr" "TCP:127.0.0.1:$api_port"
  start registry-for-pods socat "TCP-LISTEN:$registry_port,bind=$NODE_ADDRESS,fork,reuseaddr" "TCP:127.0.0.1:$registry_port"
  wait_for kubelet 120 node_ready
  wait_for kube-proxy 30 fetch -f "http://127.0.0.1:$proxy_health_port/healthz"
  wait_for api-for-pods 10 fetch https://10.96.0.1/livez
}

# Ends the node of $dir, also one that came up half. That there was one is known by what make_bridge wrote down.
stop_node() {
  stop api-for-pods registry-for-pods node kube-proxy kubelet containerd
  [[ -e $state/sysctls ]] || return 0
  remove_cgroups
  remove_bridge
  remove_chains iptables
  remove_chains ip6tables
  sysctl -q -p "$state/sysctls" >/dev/null || true
  rm "$state/sysctls"
}

# Each is removed by the kernel a moment after its last process has ended.
remove_cgroups() {
  local attempt folders
  for attempt in {1..50}; do
    mapfile -t folders < <(kubepods)
    ((${#folders[@]})) || return 0
    find "${folders[@]}" -depth -type d -delete 2>/dev/null || sleep 0.1
  done
  say "cgroups that could not be removed: $(kubepods | tr '\n' ' ')"
}

# A pod's end of a link goes with its network, and ours with it, in the background.
remove_bridge() {
  local attempt port
  for attempt in {1..50}; do
    [[ -n $(ls "/sys/class/net/$BRIDGE/brif" 2>/dev/null) ]] || break
    sleep 0.1
  done
  for port in $(ls "/sys/class/net/$BRIDGE/brif" 2>/dev/null); do ip link delete "$port" || true; done
  ip link delete "$BRIDGE" 2>/dev/null || true
}

# remove_chains iptables|ip6tables: the chains that kubelet, kube-proxy and portmap made, and every rule that names one.
remove_chains() {
  local chains
  chains=$(comm -13 <(chain_names <"$state/$1-before") <("$1-save" | chain_names))
  [[ -n $chains ]] || return 0
  "$1-save" --counters | grep -vwF "$chains" | "$1-restore" --counters
}

chain_names() { sed -nE 's/^:((KUBE|CNI)-[^ ]+|SLIPWAY) .*/\1/p' | sort -u; }
