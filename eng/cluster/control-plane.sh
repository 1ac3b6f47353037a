# shellcheck shell=bash
# etcd, the Kubernetes control plane and two registries, all on loopback, on ports that were free.

readonly SERVICE_NETWORK=10.96.0.0/16
# The address that the `kubernetes` Service leads to. Only a node has it (node.sh): without one nobody asks for it.
readonly NODE_ADDRESS=10.244.0.1

# Below 30000 a port is neither a NodePort nor one that the kernel hands to clients.
next_port=$((20000 + RANDOM % 9000))
free_port() { # free_port VARIABLE
  while next_port=$((next_port + 1)); [[ -n $(ss -Htan "sport = :$next_port") ]]; do :; done
  printf -v "$1" %s "$next_port"
}

# Asks for a page without ever waiting long, whatever the certificate.
fetch() { curl -sk -m 5 -o /dev/null "$@"; }

token() { openssl rand -hex 16; }

# write_kubeconfig FILE USER TOKEN
write_kubeconfig() {
  cat >"$1" <<END
apiVersion: v1
kind: Config
current-context: slipway
clusters:
  - name: slipway
    cluster:
      server: https://127.0.0.1:$api_port
      certificate-authority-data: $(base64 -w0 "$state/ca.crt")
users:
  - name: $2
    user:
      token: $3
contexts:
  - name: slipway
    context:
      cluster: slipway
      user: $2
END
}

start_etcd() {
  local peer_port
  free_port etcd_port
  free_port peer_port
  start etcd "$servers/usr/bin/etcd" --name=slipway --data-dir="$state/etcd" --unsafe-no-fsync --logger=zap --log-level=warn \
    --listen-client-urls="http://127.0.0.1:$etcd_port" --advertise-client-urls="http://127.0.0.1:$etcd_port" \
    --listen-peer-urls="http://127.0.0.1:$peer_port" --initial-advertise-peer-urls="http://127.0.0.1:$peer_port" \
    --initial-cluster="slipway=http://127.0.0.1:$peer_port"
}

# Users by static token. slipway-controller has no group: what it may do is what the RBAC of the chart under test says. The
# parts of the control plane have users of their own, so that the audit log tells their requests from those under test.
write_users() {
  admin_token=$(token)
  controller_token=$(token)
  manager_token=$(token)
  scheduler_token=$(token)
  node_token=$(token)
  proxy_token=$(token)
  cat >"$state/tokens.csv" <<END
$admin_token,admin,admin,system:masters
$controller_token,slipway-controller,slipway-controller
$manager_token,system:kube-controller-manager,kube-controller-manager,system:masters
$scheduler_token,system:kube-scheduler,kube-scheduler
$node_token,system:node:slipway-node,slipway-node,system:nodes
$proxy_token,system:kube-proxy,kube-proxy
END
  openssl genrsa -out "$state/service-account.key" 2048 2>/dev/null
}

# With a certificate of this authority the API server shows itself to those who serve parts of the API for it (APIService), and they are asked
# at the address that their Endpoints say: there is no proxy on the way before there is a node.
write_front_proxy() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=front-proxy-ca -keyout "$state/front-proxy-ca.key" -out "$state/front-proxy-ca.crt" 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj /CN=front-proxy-client -keyout "$state/front-proxy.key" -out "$state/front-proxy.csr" 2>/dev/null
  openssl x509 -req -days 3650 -in "$state/front-proxy.csr" -CA "$state/front-proxy-ca.crt" -CAkey "$state/front-proxy-ca.key" -CAcreateserial \
    -extfile <(echo extendedKeyUsage=clientAuth) -out "$state/front-proxy.crt" 2>/dev/null
}

start_apiserver() {
  write_front_proxy
  cat >"$state/audit-policy.yaml" <<'END'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Request
    users: [slipway-controller]
    verbs: [create, update, patch]
    resources: [{group: apps}]
  - level: Metadata
END
  audit_log=$dir/logs/audit.log
  start kube-apiserver "$kubernetes/kube-apiserver" --etcd-servers="http://127.0.0.1:$etcd_port" \
    --bind-address=127.0.0.1 --secure-port="$api_port" --advertise-address="$NODE_ADDRESS" --cert-dir="$state/apiserver" \
    --token-auth-file="$state/tokens.csv" --authorization-mode=Node,RBAC \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$state/service-account.key" \
    --service-account-signing-key-file="$state/service-account.key" \
    --service-cluster-ip-range="$SERVICE_NETWORK" --allow-privileged=true --kubelet-preferred-address-types=InternalIP \
    --requestheader-client-ca-file="$state/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --proxy-client-cert-file="$state/front-proxy.crt" \
    --proxy-client-key-file="$state/front-proxy.key" --enable-aggregator-routing=true \
    --audit-policy-file="$state/audit-policy.yaml" --audit-log-path="$audit_log" --audit-log-maxsize=1000
}

apiserver_answers() { [[ -s $state/apiserver/apiserver.crt ]] && fetch "https://127.0.0.1:$api_port/livez"; }

# The server signs a certificate of its own with an authority of its own; the file has both, the authority last.
write_admin_kubeconfig() {
  awk '/BEGIN CERTIFICATE/ { pem = "" } { pem = pem $0 "\n" } END { printf "%s", pem }' \
    "$state/apiserver/apiserver.crt" >"$state/ca.crt"
  write_kubeconfig "$dir/kubeconfig" admin "$admin_token"
  write_kubeconfig "$dir/kubeconfig-controller" slipway-controller "$controller_token"
}

# An autoscaler looks each two seconds instead of each fifteen, so that a test of one takes seconds.
start_controller_manager() {
  free_port manager_port
  write_kubeconfig "$state/controller-manager.kubeconfig" system:kube-controller-manager "$manager_token"
  start kube-controller-manager "$kubernetes/kube-controller-manager" --kubeconfig="$state/controller-manager.kubeconfig" \
    --leader-elect=false --port=0 --bind-address=127.0.0.1 --secure-port="$manager_port" \
    --service-account-private-key-file="$state/service-account.key" --root-ca-file="$state/ca.crt" \
    --service-cluster-ip-range="$SERVICE_NETWORK" --horizontal-pod-autoscaler-sync-period=2s --kube-api-qps=200 --kube-api-burst=200
}

start_scheduler() {
  free_port scheduler_port
  write_kubeconfig "$state/scheduler.kubeconfig" system:kube-scheduler "$scheduler_token"
  start kube-scheduler "$kubernetes/kube-scheduler" --kubeconfig="$state/scheduler.kubeconfig" \
    --leader-elect=false --port=0 --bind-address=127.0.0.1 --secure-port="$scheduler_port" --kube-api-qps=200 --kube-api-burst=200
}

as_admin() { "$kubectl/kubectl" --kubeconfig="$dir/kubeconfig" --request-timeout=5s "$@"; }

# Pods cannot be made in a namespace before its service account is there.
namespace_ready() { as_admin --namespace=default get serviceaccount default; }

# start_registry NAME PORT: standard output is the access log, standard error the registry's own. YAML for more on standard input.
start_registry() {
  { cat <<END
version: 0.1
log: {level: info, formatter: json}
storage:
  filesystem: {rootdirectory: $state/$1}
  delete: {enabled: true}
http: {addr: "127.0.0.1:$2", secret: $(token)}
END
    cat; } >"$state/$1.yml"
  start_stdout=$dir/logs/$1-access.log start "$1" "$servers/usr/bin/docker-registry" serve "$state/$1.yml"
}

# The endpoint may be down for as long as it likes: the registry tries again each second and keeps what it has to say.
start_registries() {
  webhook_url=http://127.0.0.1:${SLIPWAY_WEBHOOK_PORT:-18089}/webhooks/distribution
  webhook_token=$(token)
  basic_password=$(token)
  htpasswd -Bbn slipway "$basic_password" >"$state/htpasswd"
  start_registry registry "$registry_port" <<END
notifications:
  endpoints:
    - {name: slipway, url: "$webhook_url", headers: {Authorization: [Bearer $webhook_token]}, timeout: 1s, threshold: 3, backoff: 1s}
END
  start_registry registry-basic "$basic_port" <<END
auth:
  htpasswd: {realm: slipway, path: $state/htpasswd}
END
}

start_control_plane() {
  api_port=${SLIPWAY_API_PORT:-}
  registry_port=${SLIPWAY_REGISTRY_PORT:-}
  basic_port=${SLIPWAY_BASIC_REGISTRY_PORT:-}
  [[ -n $api_port ]] || free_port api_port
  [[ -n $registry_port ]] || free_port registry_port
  [[ -n $basic_port ]] || free_port basic_port
  say "starting etcd and the registries"
  start_etcd
  start_registries
  write_users
  wait_for etcd 20 fetch -f "http://127.0.0.1:$etcd_port/health"
  wait_for registry 20 fetch -f "http://127.0.0.1:$registry_port/v2/"
  wait_for registry-basic 20 fetch -f -u "slipway:$basic_password" "http://127.0.0.1:$basic_port/v2/"
  say "starting the control plane"
  start_apiserver
  wait_for kube-apiserver 120 apiserver_answers
  write_admin_kubeconfig
  start_controller_manager
  start_scheduler
  wait_for kube-apiserver 120 as_admin get --raw=/readyz
  wait_for kube-controller-manager 120 namespace_ready
  wait_for kube-scheduler 30 fetch -f "https://127.0.0.1:$scheduler_port/healthz"
}
