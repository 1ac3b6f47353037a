namespace Slipway.Sandbox.Schema;

/// <summary>Who may do what: rbac, authentication, authorization.</summary>
internal static class AccessTypes
{
    public const string Text =
        """
        Role+: rules [PolicyRule]
        PolicyRule: verbs [s] apiGroups [s] resources [s] resourceNames [s] nonResourceURLs [s]
        ClusterRole+: rules [PolicyRule] aggregationRule AggregationRule
        AggregationRule: clusterRoleSelectors [LabelSelector]
        RoleBinding+: subjects [Subject] roleRef RoleRef!
        ClusterRoleBinding+: subjects [Subject] roleRef RoleRef!
        Subject: kind s apiGroup s name s namespace s
        RoleRef: apiGroup s kind s name s
        TokenReview+: spec TokenReviewSpec status TokenReviewStatus
        TokenReviewSpec: token s audiences [s]
        TokenReviewStatus: authenticated b user UserRecord audiences [s] error s
        UserRecord: username s uid s groups [s] extra j
        SubjectAccessReview+: spec SubjectAccessReviewSpec status AccessReviewStatus
        LocalSubjectAccessReview+: spec SubjectAccessReviewSpec status AccessReviewStatus
        SelfSubjectAccessReview+: spec SubjectAccessReviewSpec status AccessReviewStatus
        SubjectAccessReviewSpec: resourceAttributes ResourceAttributes nonResourceAttributes NonResourceAttributes user s groups [s] extra j uid s
        ResourceAttributes: namespace s verb s group s version s resource s subresource s name s fieldSelector j labelSelector j
        NonResourceAttributes: path s verb s
        AccessReviewStatus: allowed b denied b reason s evaluationError s
        TokenRequest+: spec TokenRequestSpec status TokenRequestStatus
        TokenRequestSpec: audiences [s] expirationSeconds i boundObjectRef ObjectReference
        TokenRequestStatus: token s expirationTimestamp s
        """;
}
