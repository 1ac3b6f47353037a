namespace Slipway.Sandbox.Schema;

/// <summary>apps/v1, batch/v1 (and v1beta1, which is the same), autoscaling.</summary>
internal static class WorkloadTypes
{
    public const string Text =
        """
        Deployment+: spec DeploymentSpec status DeploymentStatus
        DeploymentSpec: replicas i=1 selector LabelSelector! template PodTemplateSpec strategy DeploymentStrategy={} minReadySeconds i
          revisionHistoryLimit i=10 paused b
          progressDeadlineSeconds i=600
        DeploymentStrategy: type s rollingUpdate RollingUpdate
        RollingUpdate: maxUnavailable x maxSurge x partition i
        DeploymentStatus: observedGeneration i replicas i updatedReplicas i readyReplicas i availableReplicas i unavailableReplicas i terminatingReplicas i
          conditions [DeploymentCondition/type] collisionCount i
        DeploymentCondition: type s status s lastUpdateTime s lastTransitionTime s reason s message s
        ReplicaSet+: spec ReplicaSetSpec status ReplicaSetStatus
        ReplicaSetSpec: replicas i=1 minReadySeconds i selector LabelSelector! template PodTemplateSpec
        ReplicaSetStatus: replicas i fullyLabeledReplicas i readyReplicas i availableReplicas i terminatingReplicas i observedGeneration i
          conditions [DeploymentCondition/type]
        StatefulSet+: spec StatefulSetSpec status StatefulSetStatus
        StatefulSetSpec: replicas i=1 selector LabelSelector! template PodTemplateSpec volumeClaimTemplates [PersistentVolumeClaim] serviceName s
          podManagementPolicy s=OrderedReady updateStrategy DeploymentStrategy={} revisionHistoryLimit i=10 minReadySeconds i
          persistentVolumeClaimRetentionPolicy ClaimRetention
          ordinals Ordinals
        ClaimRetention: whenDeleted s whenScaled s
        Ordinals: start i
        StatefulSetStatus: observedGeneration i replicas i readyReplicas i currentReplicas i updatedReplicas i currentRevision s updateRevision s
          collisionCount i conditions [DeploymentCondition/type] availableReplicas i
        DaemonSet+: spec DaemonSetSpec status DaemonSetStatus
        DaemonSetSpec: selector LabelSelector! template PodTemplateSpec updateStrategy DeploymentStrategy={} minReadySeconds i revisionHistoryLimit i=10
        DaemonSetStatus: currentNumberScheduled i numberMisscheduled i desiredNumberScheduled i numberReady i observedGeneration i updatedNumberScheduled i
          numberAvailable i numberUnavailable i collisionCount i conditions [DeploymentCondition/type]
        ControllerRevision+: data j revision i
        Job+: spec JobSpec status JobStatus
        JobTemplateSpec: metadata ObjectMeta spec JobSpec
        JobSpec: parallelism i completions i activeDeadlineSeconds i backoffLimit i=6 selector LabelSelector! manualSelector b template PodTemplateSpec
          ttlSecondsAfterFinished i completionMode s=NonIndexed suspend b=false podFailurePolicy j backoffLimitPerIndex i maxFailedIndexes i
          podReplacementPolicy s managedBy s
          successPolicy j
        JobStatus: conditions [JobCondition%type] startTime s completionTime s active i succeeded i failed i completedIndexes s ready i failedIndexes s
          uncountedTerminatedPods UncountedPods terminating i
        UncountedPods: succeeded [s]* failed [s]*
        JobCondition: type s status s lastProbeTime s lastTransitionTime s reason s message s
        CronJob+: spec CronJobSpec status CronJobStatus
        CronJobSpec: schedule s timeZone s startingDeadlineSeconds i concurrencyPolicy s=Allow suspend b=false jobTemplate JobTemplateSpec
          successfulJobsHistoryLimit i=3
          failedJobsHistoryLimit i=1
        CronJobStatus: active [ObjectReference!] lastScheduleTime s lastSuccessfulTime s
        HorizontalPodAutoscaler+: spec HorizontalPodAutoscalerSpec status HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerSpec: scaleTargetRef ScaleTarget minReplicas i=1 maxReplicas i metrics [j] behavior j
        ScaleTarget: apiVersion s kind s name s
        HorizontalPodAutoscalerStatus: observedGeneration i lastScaleTime s currentReplicas i desiredReplicas i currentMetrics [j]
          conditions [DeploymentCondition/type]
        HorizontalPodAutoscalerOne+: spec AutoscalerSpecOne status AutoscalerStatusOne
        AutoscalerSpecOne: scaleTargetRef ScaleTarget minReplicas i=1 maxReplicas i targetCPUUtilizationPercentage i
        AutoscalerStatusOne: observedGeneration i lastScaleTime s currentReplicas i desiredReplicas i currentCPUUtilizationPercentage i
        Scale+: spec ScaleSpec status ScaleStatus
        ScaleSpec: replicas i
        ScaleStatus: replicas i selector s
        """;
}
