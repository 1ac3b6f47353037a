namespace Slipway.Tests.Workloads;

/// <summary>Objects as kube-apiserver 1.20.2 gives them, shortened; the counts are those of a rollout under way.</summary>
internal static class Manifests
{
    public const string Deployment = """
        {
          "metadata": {
            "name": "shop", "namespace": "prod", "uid": "1a2b3c4d-0000-4000-8000-000000000001", "resourceVersion": "308", "generation": 9,
            "creationTimestamp": "2026-11-23T08:24:10Z", "labels": {"app": "shop"},
            "annotations": {"deployment.kubernetes.io/revision": "9", "slipway.dev/release": "7"},
            "managedFields": [
              {"manager": "kubectl", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-11-23T08:24:20Z", "fieldsType": "FieldsV1",
               "fieldsV1": {"f:metadata": {"f:labels": {"f:app": {}}}, "f:spec": {"f:replicas": {}, "f:selector": {}, "f:template": {"f:spec": {
                 "f:containers": {"k:{\"name\":\"proxy\"}": {".": {}, "f:image": {}, "f:name": {}}, "k:{\"name\":\"web\"}": {".": {}, "f:name": {}}},
                 "f:initContainers": {"k:{\"name\":\"migrate\"}": {".": {}, "f:name": {}}}}}}}},
              {"manager": "slipway", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-11-23T08:25:01Z", "fieldsType": "FieldsV1",
               "fieldsV1": {"f:metadata": {"f:annotations": {"f:slipway.dev/release": {}}}, "f:spec": {"f:template": {"f:spec": {
                 "f:containers": {"k:{\"name\":\"web\"}": {".": {}, "f:image": {}, "f:name": {}}},
                 "f:initContainers": {"k:{\"name\":\"migrate\"}": {".": {}, "f:image": {}, "f:name": {}}}}}}}},
              {"manager": "kubectl-client-side-apply", "operation": "Update", "apiVersion": "apps/v1", "time": "2026-11-23T08:24:21Z", "fieldsType": "FieldsV1",
               "fieldsV1": {"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/last-applied-configuration": {}}}}},
              {"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "apps/v1", "time": "2026-11-23T08:24:29Z", "fieldsType": "FieldsV1",
               "fieldsV1": {"f:metadata": {"f:annotations": {"f:deployment.kubernetes.io/revision": {}}}, "f:status": {"f:observedGeneration": {}}}}
            ]
          },
          "spec": {
            "progressDeadlineSeconds": 600, "replicas": 2, "revisionHistoryLimit": 10, "selector": {"matchLabels": {"app": "shop"}},
            "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"},
            "template": {
              "metadata": {"creationTimestamp": null, "labels": {"app": "shop"}},
              "spec": {
                "containers": [
                  {"image": "ghcr.io/acme/shop:2.0.0", "imagePullPolicy": "IfNotPresent", "name": "web", "resources": {}},
                  {"image": "envoyproxy/envoy:v1.20", "imagePullPolicy": "IfNotPresent", "name": "proxy", "resources": {}}
                ],
                "initContainers": [{"image": "ghcr.io/acme/shop:2.0.0", "name": "migrate", "resources": {}}],
                "imagePullSecrets": [{"name": "regcred"}, {"name": "mirror"}, {}],
                "serviceAccount": "shop-runner", "serviceAccountName": "shop-runner", "restartPolicy": "Always", "securityContext": {},
                "nodeName": "node-7", "os": {"name": "linux"}, "nodeSelector": {"kubernetes.io/os": "linux"},
                "affinity": {"nodeAffinity": {
                  "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {"matchExpressions": [{"key": "x", "operator": "Exists"}]}}],
                  "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64", "arm64"]}]},
                    {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-7"]}]}]}}},
                "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "shop", "effect": "NoSchedule"}, {"operator": "Exists"}]
              }
            }
          },
          "status": {
            "observedGeneration": 9, "replicas": 3, "updatedReplicas": 1, "readyReplicas": 2, "availableReplicas": 2, "unavailableReplicas": 1,
            "conditions": [
              {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "message": "Deployment has minimum availability."},
              {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated", "message": "ReplicaSet \"shop-77ccbfc68\" is progressing."}
            ]
          }
        }
        """;

    public const string StatefulSet = """
        {
          "metadata": {"name": "db", "namespace": "prod", "generation": 2, "resourceVersion": "411"},
          "spec": {
            "podManagementPolicy": "OrderedReady", "replicas": 3, "revisionHistoryLimit": 10, "selector": {"matchLabels": {"app": "db"}}, "serviceName": "db",
            "template": {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"image": "acme/db:1", "name": "db"}]}},
            "updateStrategy": {"rollingUpdate": {"partition": 1}, "type": "RollingUpdate"}
          },
          "status": {"collisionCount": 0, "currentReplicas": 2, "currentRevision": "db-5c9d", "observedGeneration": 2, "readyReplicas": 2, "replicas": 3,
            "updateRevision": "db-7f8b", "updatedReplicas": 1}
        }
        """;

    public const string DaemonSet = """
        {
          "metadata": {"name": "agent", "namespace": "kube-system", "generation": 3, "resourceVersion": "512"},
          "spec": {
            "revisionHistoryLimit": 10, "selector": {"matchLabels": {"app": "agent"}},
            "template": {"metadata": {"labels": {"app": "agent"}}, "spec": {"containers": [{"image": "acme/agent:1", "name": "agent"}]}},
            "updateStrategy": {"type": "OnDelete"}
          },
          "status": {"currentNumberScheduled": 5, "desiredNumberScheduled": 5, "numberAvailable": 4, "numberMisscheduled": 0, "numberReady": 4,
            "numberUnavailable": 1, "observedGeneration": 3, "updatedNumberScheduled": 2}
        }
        """;

    public const string CronJob = """
        {
          "metadata": {
            "name": "nightly", "namespace": "prod", "uid": "d9b05886-0073-4da3-8020-2ebe28da66c1", "resourceVersion": "313",
            "managedFields": [
              {"manager": "slipway", "operation": "Apply", "apiVersion": "batch/v1beta1", "time": "2026-11-23T08:25:05Z", "fieldsType": "FieldsV1", "fieldsV1":
                {"f:spec":{"f:jobTemplate":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"report\"}":{".":{},"f:image":{},"f:name":{}}}}}}}}}},
              {"manager": "kubectl-create", "operation": "Update", "apiVersion": "batch/v1beta1", "time": "2026-11-23T08:25:05Z", "fieldsType": "FieldsV1", "fieldsV1":
                {"f:spec":{"f:jobTemplate":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"report\"}":{".":{},"f:name":{}}}}}}},"f:schedule":{}}}}
            ]
          },
          "spec": {
            "schedule": "0 3 * * *", "concurrencyPolicy": "Allow", "suspend": false, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
            "jobTemplate": {"metadata": {"creationTimestamp": null}, "spec": {"template": {"metadata": {"creationTimestamp": null}, "spec": {
              "containers": [{"name": "report", "image": "ghcr.io/acme/report:2", "resources": {}}], "restartPolicy": "OnFailure"}}}}
          },
          "status": {}
        }
        """;

    /// <summary>Argo CD applied web and old; we wrote both images; then it applied web alone.</summary>
    public const string WithAbandonedContainer = """
        {
          "metadata": {"name": "zed", "namespace": "prod", "resourceVersion": "343", "generation": 3, "managedFields": [
            {"manager": "argocd-controller", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-11-23T08:25:44Z", "fieldsType": "FieldsV1", "fieldsV1":
              {"f:spec": {"f:template": {"f:spec": {"f:containers": {"k:{\"name\":\"web\"}": {".": {}, "f:image": {}, "f:name": {}}}}}}}},
            {"manager": "slipway", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-11-23T08:25:44Z", "fieldsType": "FieldsV1", "fieldsV1":
              {"f:spec": {"f:template": {"f:spec": {"f:containers": {
                "k:{\"name\":\"old\"}": {".": {}, "f:image": {}, "f:name": {}}, "k:{\"name\":\"web\"}": {".": {}, "f:name": {}}}}}}}},
            {"manager": "kube-controller-manager", "operation": "Update", "time": "2026-11-23T08:25:43Z", "fieldsV1": {"f:status": {}}}]},
          "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "z"}}, "template": {"metadata": {"labels": {"a": "z"}}, "spec": {
            "containers": [{"name": "web", "image": "a:1"}, {"name": "old", "image": "a:2"}]}}}
        }
        """;
}
