namespace Slipway.Tests.Cli.Migration;

/// <summary>What users of other systems have in their clusters, by the fields that those document.</summary>
internal static class PeerManifests
{
    public const string Kcd =
        """
        apiVersion: custom.k8s.io/v1
        kind: KCD
        metadata:
          name: photos
          namespace: imagery
        spec:
          imageRepo: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/photos
          tag: env-prod
          versionSyntax: "[0-9a-f]{7,40}"
          pollIntervalSeconds: 30
          livenessSeconds: 60
          timeoutSeconds: 600
          selector:
            kcdapp: photos
          container:
            name: photos
            verify:
            - kind: ImageVerifier
              image: acme/photos-smoke
              tag: latest
          strategy:
            kind: ServiceBlueGreen
            blueGreen:
              serviceName: photos
              verificationServiceName: photos-verify
              labelNames: [colour]
              scaleDown: true
          rollback:
            enabled: true
          history:
            enabled: true
            name: photos-history
          config:
            name: photos-version
            key: version
        ---
        apiVersion: custom.k8s.io/v1
        kind: ContainerVersion
        metadata:
          name: albums
        spec:
          imageRepo: acme/albums
          tag: dev
          checkFrequency: 5
          container: albums
          selector:
            cvapp: albums
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: albums
          labels:
            cvapp: albums
        spec:
          template:
            spec:
              containers:
              - name: albums
                image: acme/albums:dev
        """;

    public const string Keel =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
          namespace: prod
          labels:
            keel.sh/policy: minor
          annotations:
            keel.sh/trigger: poll
            keel.sh/pollSchedule: "@every 10m"
            keel.sh/approvals: "2"
            keel.sh/approvalDeadline: "48"
            keel.sh/notify: "#releases"
            keel.sh/imagePullSecret: regcred
            keel.sh/update-time: "2026-03-01"
        spec:
          template:
            spec:
              initContainers:
              - name: migrate
                image: ghcr.io/acme/shop:1.4.2
              containers:
              - name: web
                image: ghcr.io/acme/shop:1.4.2
              - name: proxy
                image: nginx:1.27.1-alpine
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
          annotations:
            keel.sh/policy: "glob:build-*"
        spec:
          template:
            spec:
              containers:
              - name: agent
                image: acme/agent:build-12
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report
          annotations:
            keel.sh/policy: force
            keel.sh/match-tag: "true"
            keel.sh/trigger: poll
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                  - name: report
                    image: acme/report:stable
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: frozen
          annotations:
            keel.sh/policy: never
        spec:
          template:
            spec:
              containers:
              - name: frozen
                image: acme/frozen:1.0.0
        """;

    public const string Flux =
        """
        apiVersion: image.toolkit.fluxcd.io/v1beta2
        kind: ImageRepository
        metadata:
          name: shop
          namespace: flux-system
        spec:
          image: ghcr.io/acme/shop
          interval: 5m
          secretRef:
            name: ghcr
          certSecretRef:
            name: own-ca
          exclusionList: ["^.*\\.sig$", "-rc"]
        ---
        apiVersion: image.toolkit.fluxcd.io/v1beta2
        kind: ImagePolicy
        metadata:
          name: shop
          namespace: flux-system
        spec:
          imageRepositoryRef:
            name: shop
          filterTags:
            pattern: '^main-[0-9a-f]+-(?P<ts>[0-9]+)'
            extract: '$ts'
          policy:
            numerical:
              order: asc
        ---
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImagePolicy
        metadata:
          name: podinfo
          namespace: flux-system
        spec:
          imageRepositoryRef:
            name: podinfo
          digestReflectionPolicy: Always
          interval: 10m
          policy:
            semver:
              range: 5.0.x
        ---
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImageRepository
        metadata:
          name: podinfo
          namespace: flux-system
        spec:
          image: ghcr.io/stefanprodan/podinfo
          interval: 1h
          provider: aws
          suspend: true
        ---
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImageUpdateAutomation
        metadata:
          name: flux-system
          namespace: flux-system
        spec:
          interval: 30m
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
          namespace: prod
        spec:
          template:
            spec:
              containers:
              - name: web
                image: ghcr.io/acme/shop:main-1f2e3d-1700000000 # {"$imagepolicy": "flux-system:shop"}
        """;

    public const string ArgoAnnotations =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: guestbook
          namespace: argocd
          annotations:
            argocd-image-updater.argoproj.io/image-list: web=ghcr.io/acme/guestbook:~1.4, registry.example:5000/acme/worker:stable
            argocd-image-updater.argoproj.io/web.allow-tags: regexp:^[0-9.]+$
            argocd-image-updater.argoproj.io/web.ignore-tags: "*-rc*, 1.4.13"
            argocd-image-updater.argoproj.io/web.pull-secret: pullsecret:argocd/ghcr
            argocd-image-updater.argoproj.io/web.helm.image-tag: image.tag
            argocd-image-updater.argoproj.io/web.update-strategy: semver
            argocd-image-updater.argoproj.io/update-strategy: digest
            argocd-image-updater.argoproj.io/write-back-method: git:secret:argocd/git-creds
        spec:
          destination:
            namespace: guestbook
        ---
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: guestbook-web
            namespace: guestbook
          spec:
            template:
              spec:
                containers:
                - name: web
                  image: ghcr.io/acme/guestbook:1.4.1
        """;

    public const string ArgoResource =
        """
        apiVersion: argocd-image-updater.argoproj.io/v1alpha1
        kind: ImageUpdater
        metadata:
          name: shops
          namespace: argocd
        spec:
          commonUpdateSettings:
            updateStrategy: alphabetical
            ignoreTags: ["latest"]
          writeBackConfig:
            method: argocd
          applicationRefs:
          - namePattern: "shop-*"
            images:
            - alias: web
              imageName: ghcr.io/acme/shop
            - alias: cache
              imageName: docker.io/library/redis:^7
              commonUpdateSettings:
                updateStrategy: semver
                platforms: [linux/arm64]
              manifestTargets:
                helm: {name: cache.repository, tag: cache.tag}
        """;
}
