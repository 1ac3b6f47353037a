using Slipway.Vectors;

namespace Slipway.Tests.Vectors;

/// <summary>One right and one wrong expectation for every op: an op that passes whatever is expected proves nothing.</summary>
public sealed class VectorOpsTests
{
    private const string Sha = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public static TheoryData<string, string, string, string> Ops => new()
    {
        { "analysis-conditions/expressions", """ "input":{"expression":"result > 1","result":2} """, """{"value":true}""", """{"value":false}""" },
        { "analysis-conditions/expressions", """ "input":{"expression":"result >","result":2} """, """{"error":"*"}""", """{"value":false}""" },
        { "analysis-conditions/results", """ "input":{"result":2,"successCondition":"result > 1","failureCondition":""} """, """{"phase":"Successful","value":"2"}""", """{"phase":"Failed"}""" },
        { "analysis-conditions/results", """ "input":{"result":null,"successCondition":"a","failureCondition":""} """, """{"phase":"Error"}""", """{"phase":"Successful"}""" },
        { "analysis-metric-status/", """ "input":{"metric":{"interval":""},"result":{"failed":1,"measurements":[]},"terminating":false} """, """{"phase":"Failed"}""", """{"phase":"Running"}""" },
        { "analysis-metric-status/severity", """ "input":{"current":"Successful","new":"Failed"} """, """{"newIsWorse":true}""", """{"newIsWorse":false}""" },
        { "analysis-run/fastFail", """ "input":{"metrics":["Running","Failed"]} """, """{"terminating":true}""", """{"terminating":false}""" },
        { "analysis-run/fastFail", """ "input":{"metrics":["Running","Failed(dryRun)"]} """, """{"terminating":false}""", """{"terminating":true}""" },
        { "analysis-run/jobNames", """ "input":{"runUid":"34e4d823-4ba9-4afe-8775-6384561d7ef3","metric":"service-endpoint-reachable","ordinal":1} """, """{"length":63}""", """{"length":64}""" },
        { "analysis-run/runStatus", """ "input":{"metrics":[{"phase":"Successful"},{"phase":"Running"}]} """, """{"phase":"Running"}""", """{"phase":"Successful"}""" },
        { "analysis-run/scheduling", """ "input":{"interval":"60s","lastMeasurement":{"finishedSecondsAgo":30}} """, """{"measureNow":false,"nextInSeconds":30}""", """{"measureNow":true}""" },
        { "analysis-validation/", """ "input":{"metrics":[{"name":"a","providers":[]}]} """, """{"error":"no provider"}""", """{"error":null}""" },
        { "analysis-validation/", """ "input":{"metrics":[{"name":"a","providers":["web"]}]} """, """{"error":null}""", """{"error":"no provider"}""" },
        { "durations/strictPattern", """ "input":"1.5h" """, """{"valid":true}""", """{"valid":false}""" },
        { "prometheus-responses/", """ "input":{"body":{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"5"]}]}}} """, """{"value":5}""", """{"error":"no values found"}""" },
        { "bluegreen-and-traffic/mayShiftTraffic", """ "input":{"replicas":2,"weight":50,"maxWeight":100,"available":1} """, """{"mayShift":true}""", """{"mayShift":false}""" },
        { "canary-dynamic-stable-scale/", """ "input":{"replicas":10,"steps":[{"setWeight":20}],"currentStepIndex":0,"aborted":true,"actualWeights":{"canary":20,"stable":80}} """, """{"canary":2,"stable":10}""", """{"canary":1,"stable":10}""" },
        { "canary-replicas/", """ "mode":"traffic-routed","input":{"replicas":10,"setWeight":25} """, """{"stable":10,"canary":3}""", """{"stable":10,"canary":2}""" },
        { "canary-replicas/", Pods("20", "10,10", "0,0"), """{"stable":10,"canary":2}""", """{"stable":10,"canary":3}""" },
        { "canary-replicas/", Pods("100", "10,10", "0,0"), """{"stable":10,"canary":1}""", """{"stable":10,"canary":2}""" },
        { "canary-replicas/", Pods("0", "0,0", "10,10"), """{"stable":1,"canary":10}""", """{"stable":2,"canary":10}""" },
        { "canary-replicas/", """ "mode":"replica-weighted","sameRS":true,"input":{"replicas":10,"setWeight":10,"canary":{"specReplicas":10},"stable":{"availableReplicas":0}} """, """{"stable":0,"canary":10}""", """{"stable":10,"canary":1}""" },
        { "canary-trajectories/", """ "input":{"replicas":10,"weight":1,"maxSurge":1,"maxUnavailable":0} """, """{"fixpoint":{"canary":1,"stable":10}}""", """{"fixpoint":{"canary":2,"stable":10}}""" },
        { "canary-trajectories/", """ "input":{"replicas":3,"weight":100,"maxSurge":1,"maxUnavailable":0} """, """{"target":{"canary":3,"stable":0},"trajectoryStableCanary":[]}""", """{"fixpoint":{"canary":2,"stable":0}}""" },
        { "canary-weight-approximation/", """ "input":{"replicas":10,"weight":0} """, """{"canary":0,"stable":10}""", """{"canary":1,"stable":10}""" },
        { "canary-weight-approximation/", """ "input":{"replicas":0,"weight":50} """, """{"canary":0,"stable":0}""", """{"canary":1,"stable":0}""" },
        { "deployment-readiness/", Deployed("""{"updated":1,"replicas":2}"""), """{"ready":false,"retryable":true,"messageContains":"termination"}""", """{"ready":true}""" },
        { "deployment-readiness/", Deployed("""{"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}]}"""), """{"ready":false,"retryable":false}""", """{"ready":false,"retryable":true}""" },
        { "fenceposts/effective", """ "input":{"replicas":5,"maxSurge":1,"maxUnavailable":"100%"} """, """{"unavailable":5}""", """{"unavailable":4}""" },
        { "fenceposts/resolveFenceposts", """ "input":{"replicas":10,"maxSurge":"39%","maxUnavailable":"39%"} """, """{"surge":4,"unavailable":3,"error":false}""", """{"surge":3,"unavailable":3,"error":false}""" },
        { "fenceposts/resolveFenceposts", """ "input":{"replicas":10,"maxSurge":"oops","maxUnavailable":"39%"} """, """{"error":true}""", """{"error":false}""" },
        { "flagger-canary/phaseSequences", """ "input":{"before":{"stable":90,"canary":10},"event":"new revision"} """, """{"stable":100,"canary":0}""", """{"stable":90,"canary":10}""" },
        { "flagger-canary/phaseSequences", """ "input":{"phase":"Promoting","stableReady":false} """, """{"phase":"Failed","stable":0,"canary":100,"canaryScaledDown":false}""", """{"canaryScaledDown":true}""" },
        { "flagger-canary/phaseSequences", """ "input":{"analysis":{"match":["header"]}} """, """{"stable":0,"canary":100,"mirrored":false}""", """{"canary":50}""" },
        { "flagger-canary/phaseSequences", """ "input":{"analysis":{"stepWeight":10,"mirror":true}} """, """{"ticks":[{"stable":100,"canary":0,"mirrored":true},{"stable":90,"canary":10,"mirrored":false}]}""", """{"ticks":[]}""" },
        { "flagger-canary/weightSequences", """ "input":{"analysis":{"stepWeights":[1,80]}} """, """{"canaryWeights":[0,1,80],"stableWeights":[100,99,20],"then":["Promoting","Finalising(100/0)","Succeeded"]}""", """{"then":["Succeeded"]}""" },
        { "fleet-waves-ocm/minRecheckAfter", """ "input":{"recheckAtSeconds":[null,60,30]} """, """{"recheckAfterSeconds":30}""", """{"recheckAfterSeconds":60}""" },
        { "fleet-waves-ocm/parseTimeout", """ "input":"30m" """, """{"seconds":1800}""", """{"seconds":30}""" },
        { "fleet-waves-ocm/parseTimeout", """ "input":"2d" """, """{"error":"invalid","secondsUpstream":"max"}""", """{"seconds":172800}""" },
        { "kargo-promotion/autoCandidates", """ "input":{"policy":"Newest","available":[{"name":"a","origin":"w","createdAt":0},{"name":"b","origin":"w","createdAt":0}]} """, """{"candidates":{"w":"b"}}""", """{"candidates":{"w":"a"}}""" },
        { "kargo-promotion/availability", Offered("3600"), """{"available":true}""", """{"available":false}""" },
        { "kargo-promotion/availability", Offered("3599"), """{"available":false}""", """{"available":true}""" },
        { "kargo-promotion/availability", """ "input":{"stage":{},"release":null} """, """{"available":false}""", """{"available":true}""" },
        { "kargo-promotion/enterStage", """ "input":{"alreadyInSinceSecondsAgo":3600} """, """{"inForSeconds":3600}""", """{"inForSeconds":0}""" },
        { "kargo-promotion/soak", """ "input":{"currentlyInForSeconds":7200,"verified":true,"longestCompletedSoakSeconds":3600} """, """{"longestSoakSeconds":7200}""", """{"longestSoakSeconds":3600}""" },
        { "kargo-promotion/soak", """ "input":{"currentlyInForSeconds":3600,"verified":false,"longestCompletedSoakSeconds":null} """, """{"longestSoakSeconds":0}""", """{"longestSoakSeconds":3600}""" },
        { "progress-deadline/progressed", """ "input":{"old":{"available":1},"new":{"available":2}} """, """{"progressed":true}""", """{"progressed":false}""" },
        { "progress-deadline/progressed", """ "input":{"old":{"available":2},"new":{"available":2}} """, """{"progressed":false}""", """{"progressed":false,"stepped":true}""" },
        { "progress-deadline/timedOut", """ "input":{"reason":"ReplicaSetUpdated","lastUpdateSecondsAgo":10,"progressDeadlineSeconds":5} """, """{"timedOut":true}""", """{"timedOut":false}""" },
        { "progress-deadline/timedOut", """ "input":{"reason":"Paused","lastUpdateSecondsAgo":10,"progressDeadlineSeconds":5} """, """{"timedOut":false}""", """{"timedOut":true}""" },
        { "progress-thresholds/allDesiredAvailable", """ "input":{"replicaSet":{"specReplicas":10,"availableReplicas":9},"desired":10} """, """false""", """true""" },
        { "progress-thresholds/progressThreshold", """ "input":{"threshold":null,"replicaSet":{"specReplicas":10,"availableReplicas":10},"desired":10} """, """true""", """false""" },
        { "progress-thresholds/replicasUsableForScaleDown", """ "input":{"replicaSet":{"specReplicas":3,"availableReplicas":2},"ignoreAvailability":false} """, """2""", """3""" },
        { "httproute-weights/", """ "input":{"rules":[{"backendRefs":[{"name":"stable"},{"name":"canary"}]}],"setCanaryWeight":30} """,
            """{"rules":[{"backendRefs":[{"name":"stable","weight":70},{"name":"canary","weight":30}]}]}""", """{"error":true}""" },
        { "httproute-weights/", """ "input":{"rules":[{"backendRefs":[{"name":"canary"}]}],"setCanaryWeight":30} """, """{"error":true}""", """{"rules":[]}""" },
        { "traffic-weight-to-replicas/", """ "input":{"replicas":10,"weight":25,"maxWeight":100} """, """{"answer":3}""", """{"answer":2}""" },
        { "dockerconfig/convert-to-hostname", """ "input":"https://a.io:1/v2/" """, """{"hostname":"a.io:1"}""", """{"hostname":"a.io"}""" },
        { "dockerconfig/decode-auth", """ "input":"YTpi" """, """{"username":"a","password":"b"}""", """{"username":"a","password":"c"}""" },
        { "dockerconfig/decode-auth", """ "input":"!" """, """{"error":true}""", """{"username":"a"}""" },
        { "dockerconfig/decode-config", """ "input":"{\"a.io\":{\"auth\":\"YTpi\"}}" """, """{"servers":{"a.io":{"username":"a","password":"b"}}}""", """{"servers":{"b.io":{"username":"a","password":"b"}}}""" },
        { "dockerconfig/decode-config", """ "input":"{" """, """{"error":true}""", """{"servers":{}}""" },
        { "dockerconfig/decode-entry", """ "input":"{\"auth\":\"YTpi\"}" """, """{"username":"a","password":"b"}""", """{"error":true}""" },
        { "dockerconfig/decode-entry", """ "input":"{\"auth\":1}" """, """{"error":true}""", """{"error":false}""" },
        { "dockerconfig/helper-parse-url", """ "input":"a.io" """, """{"url":"//a.io"}""", """{"url":"a.io"}""" },
        { "dockerconfig/helper-parse-url", """ "input":"ftp://a.io" """, """{"error":true}""", """{"url":"ftp://a.io"}""" },
        { "dockerconfig/is-docker-hub", """ "image":"a/b" """, """{"match":true}""", """{"match":false}""" },
        { "dockerconfig/lookup", """ "config":{"a.io":{"auth":"YTpi"}},"image":"a.io/x" """, """{"found":true,"username":"a"}""", """{"found":true,"username":"b"}""" },
        { "dockerconfig/lookup", """ "config":{"a.io":{"auth":"YTpi"}},"image":"b.io/x" """, """{"found":false}""", """{"found":true}""" },
        { "dockerconfig/lookup-all", """ "config":{"a.io":{"auth":"YTpi"}},"image":"a.io/x" """, """{"usernames":["a"]}""", """{"usernames":[]}""" },
        { "dockerconfig/url-glob-match", """ "glob":"*.io","target":"a.io" """, """{"match":true}""", """{"match":false}""" },
        { "image-reference/domain-grammar", """ "input":"a.b:1" """, """{"match":true}""", """{"match":false}""" },
        { "image-reference/identifier-grammar", """ "input":"abc" """, """{"match":false}""", """{"match":true}""" },
        { "image-reference/name-grammar", """ "input":"a.b/c" """, """{"match":true,"groups":["a.b","c"]}""", """{"match":true,"groups":["","a.b/c"]}""" },
        { "image-reference/name-grammar", """ "input":"A" """, """{"match":false}""", """{"match":true}""" },
        { "image-reference/normalize", """ "input":"nginx" """, """{"valid":true,"canonical":"docker.io/library/nginx"}""", """{"valid":true,"canonical":"nginx"}""" },
        { "image-reference/normalize", """ "input":"N" """, """{"valid":false}""", """{"valid":true}""" },
        { "image-reference/parse-named-canonical", """ "input":"foo" """, """{"valid":false,"error":"name-not-canonical"}""", """{"valid":true}""" },
        { "image-reference/parse-named-canonical", """ "input":"a.b/c" """, """{"valid":true,"domain":"a.b"}""", """{"valid":false}""" },
        { "image-reference/parse-strict", """ "input":"a:1" """, """{"valid":true,"tag":"1","digest":""}""", """{"valid":true,"tag":"2"}""" },
        { "image-reference/parse-strict", """ "input":"A:1" """, """{"valid":false,"error":"uppercase"}""", """{"valid":false,"error":"invalid-format"}""" },
        { "image-reference/pull-reference", $""" "input":"nginx:1@{Sha}" """, $$"""{"canonical":"docker.io/library/nginx@{{Sha}}"}""", """{"canonical":"docker.io/library/nginx:1"}""" },
        { "image-reference/reference-grammar", """ "input":"a:1" """, """{"match":true,"groups":["a","1",""]}""", """{"match":true,"groups":["a","",""]}""" },
        { "image-reference/reference-grammar", """ "input":"a:~" """, """{"match":false}""", """{"match":true}""" },
        { "image-reference/repository-field", """ "input":"a.b/c:1" """, """{"valid":false}""", """{"valid":true}""" },
        { "image-reference/same-repository", """ "a":"nginx:1","b":"docker.io/nginx" """, """{"same":true}""", """{"same":false}""" },
        { "image-reference/split-strict", """ "input":"a.b/c" """, """{"domain":"a.b","path":"c"}""", """{"domain":"","path":"c"}""" },
        { "image-reference/split-strict", """ "input":"A" """, """{"error":"invalid-format"}""", """{"domain":""}""" },
        { "image-reference/valid-name-strict", """ "input":"a:1" """, """{"valid":false,"error":"invalid-format"}""", """{"valid":true}""" },
        { "image-reference/valid-name-strict", """ "input":"a/b" """, """{"valid":true}""", """{"valid":false}""" },
        { "image-reference/valid-tag", """ "input":"1.0" """, """{"valid":true}""", """{"valid":false}""" },
        { "policy-alphabetical/select", """ "order":"desc","tags":["b","a"] """, """{"selected":"a"}""", """{"selected":"b"}""" },
        { "policy-alphabetical/sort-ascending", """ "tags":["b","a","B"] """, """{"tags":["B","a","b"]}""", """{"tags":["a","b","B"]}""" },
        { "policy-alphabetical/top10-descending", """ "tags":["a","b"] """, """{"tags":["b","a"]}""", """{"tags":["a","b"]}""" },
        { "policy-alphabetical/validate-order", """ "order":"up" """, """{"valid":false}""", """{"valid":true}""" },
        { "policy-numerical/select", """ "order":"asc","tags":["9","10"] """, """{"selected":"10"}""", """{"selected":"9"}""" },
        { "policy-numerical/select", """ "order":"asc","tags":["9","x"] """, """{"error":true}""", """{"selected":"9"}""" },
        { "policy-numerical/select", """ "order":"asc","tags":["a-9"],"filter":{"pattern":"^a-(.*)$","extract":"$1"} """, """{"selected":"a-9"}""", """{"error":true}""" },
        { "policy-numerical/validate-order", """ "order":"desc" """, """{"valid":true}""", """{"valid":false}""" },
        { "schedule/activates", """ "spec":"0/15 * * * *","at":"2012-07-09T15:45:00+00:00" """, """{"active":true}""", """{"active":false}""" },
        { "schedule/go-duration", """ "input":"1.5h" """, """{"seconds":5400}""", """{"error":true}""" },
        { "schedule/go-duration", """ "input":"5" """, """{"error":true}""", """{"seconds":5}""" },
        { "schedule/next", """ "spec":"TZ=America/New_York 0 1 * * *","after":"2012-11-04T01:00:00-04:00","zone":"in spec" """, """{"next":"2012-11-04T01:00:00-05:00"}""", """{"next":"2012-11-05T01:00:00-05:00"}""" },
        { "schedule/parse", """ "spec":"60 0 * * *" """, """{"valid":false}""", """{"valid":true}""" },
        { "platform/constraint", """ "constraint":{"os":"linux","arch":"amd64","variant":""},"os":"linux","arch":"amd64","variant":"v2" """, """{"match":false}""", """{"match":true}""" },
        { "platform/parse", """ "input":"linux" """, """{"valid":false}""", """{"valid":true}""" },
        { "platform/schedulable-platforms", """ "nodes":[{"name":"a","os":"linux","arch":"arm64","labels":{}},{"name":"b","os":"linux","arch":"arm","labels":{}}],"podSpec":{"nodeName":"b"} """, """{"platforms":["linux/arm"]}""", """{"platforms":["linux/arm64"]}""" },
        { "policy-other/digest-select", """ "current":"latest@sha:1","registryDigest":"sha:1" """, """{"update":false}""", """{"update":true}""" },
        { "policy-other/glob-select", """ "pattern":"a-*","tags":["a-1","a-2","b-3"] """, """{"selected":"a-2"}""", """{"selected":"b-3"}""" },
        { "policy-other/glob-should-update", """ "pattern":"a?","current":"a1","candidate":"a2" """, """{"update":true}""", """{"update":false}""" },
        { "policy-other/newest-build-select", """ "images":[{"tag":"a","created":2},{"tag":"b","created":1}] """, """{"selected":"a"}""", """{"selected":"b"}""" },
        { "policy-other/newest-build-sort", """ "images":[{"tag":"a","created":2},{"tag":"b","created":1}] """, """{"ascending":["b","a"]}""", """{"ascending":["a","b"]}""" },
        { "policy-other/same-image", """ "a":{"tag":"1","digest":"x"},"b":{"tag":"2","digest":"x"} """, """{"equal":true}""", """{"equal":false}""" },
        { "policy-regex/exclude-glob", """ "patterns":["v?"],"tag":"v10" """, """{"match":false}""", """{"match":true}""" },
        { "policy-regex/include-any", """ "patterns":["^a$","^b$"],"tag":"b" """, """{"match":true}""", """{"match":false}""" },
        { "policy-semver/eligible", """ "strict":true,"allow":[],"ignore":[],"tag":"v1.0" """, """{"match":false}""", """{"match":true}""" },
        { "policy-semver/parse-tag", """ "input":"v1.0" """, """{"valid":false}""", """{"valid":true}""" },
        { "policy-regex/allow-ignore", """ "allow":["^a"],"ignore":["b$"],"tag":"ab" """, """{"match":false}""", """{"match":true}""" },
        { "policy-regex/exclude", """ "patterns":["a"],"tags":["a","b"] """, """{"tags":["b"]}""", """{"tags":["a","b"]}""" },
        { "policy-regex/exclude", """ "patterns":["["],"tags":[] """, """{"error":true}""", """{"tags":[]}""" },
        { "policy-regex/exclude-any", """ "patterns":["a"],"tag":"a" """, """{"match":true}""", """{"match":false}""" },
        { "policy-regex/filter-extract", """ "pattern":"v(.)","extract":"$1","tags":["v2","v1"] """, """{"keys":["1","2"]}""", """{"keys":["2","1"]}""" },
        { "policy-regex/generated-artifact-tag", """ "tag":"1.sig" """, """{"skip":true}""", """{"skip":false}""" },
        { "policy-regex/match", """ "pattern":"^a","tag":"ba" """, """{"match":false}""", """{"match":true}""" },
        { "policy-regex/redos", """ "pattern":"^(a+)+$","tags":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"] """, """{"match":false,"maxMillis":60000}""", """{"match":true,"maxMillis":60000}""" },
        { "policy-regex/validate-pattern", """ "pattern":"(?=a)" """, """{"validInRE2":false}""", """{"validInRE2":true}""" },
        { "policy-semver/select", """ "range":"^1","tags":["1.1.0","2.0.0"] """, """{"selected":"1.1.0"}""", """{"selected":"2.0.0"}""" },
        { "policy-semver/select", """ "range":"^1","tags":[] """, """{"selected":null,"error":true}""", """{"selected":"1.0.0"}""" },
        { "policy-semver/sort-ascending", """ "tags":["2.0.0","1.0","1.0.0"] """, """{"tags":["1.0","1.0.0","2.0.0"]}""", """{"tags":["1.0.0","1.0","2.0.0"]}""" },
        { "policy-semver/sort-descending", """ "tags":["1.0.0","2.0.0"] """, """{"tags":["2.0.0","1.0.0"]}""", """{"tags":["1.0.0","2.0.0"]}""" },
        { "policy-semver/validate-range", """ "range":"1x" """, """{"valid":false}""", """{"valid":true}""" },
        { "registry-cloud/parse", """ "cloud":"aws","input":"123456789012.dkr.ecr.r-1.amazonaws.com" """, """{"valid":true,"region":"r-1"}""", """{"valid":true,"region":"r-2"}""" },
        { "registry-cloud/parse", """ "cloud":"azure","input":"a.azurecr.io/x" """, """{"valid":true,"registryName":"a"}""", """{"valid":false}""" },
        { "registry-cloud/parse", """ "cloud":"gcp","input":"a.b/x" """, """{"valid":false}""", """{"valid":true}""" },
        { "registry-cloud/registry-host", """ "input":"a.io/x" """, """{"registry":"a.io"}""", """{"registry":"x"}""" },
        { "registry-http/canonical-address", """ "scheme":"http","input":"a.io" """, """{"address":"a.io:80"}""", """{"address":"a.io:443"}""" },
        { "registry-http/default-scheme", """ "registry":"a.io" """, """{"scheme":"https"}""", """{"scheme":"http"}""" },
        { "registry-http/link-next", """ "link":"</b>; rel=next","requestUrl":"https://a.io/a" """, """{"next":"https://a.io/b"}""", """{"next":null}""" },
        { "registry-http/ratelimit-limit-header", """ "input":"9;w=60" """, """{"allowed":9,"windowMs":60000}""", """{"allowed":9,"windowMs":0}""" },
        { "registry-http/ratelimit-message", """ "input":"retry-after: 1.5ms, allowed: 9/sec" """, """{"allowed":9,"windowMs":1000,"retryAfterMs":1.5}""", """{"allowed":0}""" },
        { "registry-http/realm-host", """ "input":"https://a.io/t" """, """{"host":"a.io"}""", """{"host":""}""" },
        { "registry-http/redirect", """ "from":"a.io","to":"https://10.0.0.1/" """, """{"follow":false}""", """{"follow":true}""" },
        { "registry-http/registry-address", """ "input":"nginx" """, """{"host":"index.docker.io"}""", """{"host":"docker.io"}""" },
        { "registry-http/registry-address", """ "input":"A" """, """{"error":true}""", """{"host":"docker.io"}""" },
        { "registry-http/retry-after-header", """ "input":"3" """, """{"waitMs":3000}""", """{"waitMs":null}""" },
        { "registry-http/retry-after-header", """ "input":"<now+8s in RFC1123>" """, """{"waitMsBetween":[1,8000]}""", """{"waitMsBetween":[1,7000]}""" },
        { "registry-http/retryable", """ "status":500,"errorCodes":[] """, """{"retry":true}""", """{"retry":false}""" },
        { "registry-http/tag-pages", """ "pages":[{"tags":["1"]}] """, """{"tags":["1"],"requests":1}""", """{"tags":[],"requests":1}""" },
        { "registry-http/token-realm", """ "realm":"https://10.0.0.1/","registryHost":"a.io" """, """{"allow":false}""", """{"allow":true}""" },
        { "registry-http/www-authenticate", """ "input":"Bearer realm=r" """, """{"realm":"r","service":""}""", """{"realm":""}""" },
        { "request-budget/scenario", """ "id":"rb-006","given":{"repositories":3} """, """{"requestsInFirst30sMax":1}""", """{"requestsInFirst30sMax":0}""" },
        { "semver-constraints/check", """ "constraint":">1","version":"2.0.0","includePrerelease":false """, """{"match":true}""", """{"match":false}""" },
        { "semver-constraints/parse", """ "constraint":"1 2 || 3" """, """{"valid":true,"orGroups":2,"andTermsInFirstGroup":2}""", """{"valid":true,"orGroups":1}""" },
        { "semver-constraints/parse", """ "constraint":"x1" """, """{"valid":false}""", """{"valid":true}""" },
        { "semver-constraints/to-string", """ "constraint":">= 1" """, """{"string":">=1"}""", """{"string":">= 1"}""" },
        { "semver-versions/compare", """ "a":"1","b":"2" """, """{"result":-1}""", """{"result":1}""" },
        { "semver-versions/equal", """ "a":"1","b":"1.0" """, """{"result":true}""", """{"result":false}""" },
        { "semver-versions/greater", """ "a":"1","b":"2" """, """{"result":false}""", """{"result":true}""" },
        { "semver-versions/greater-equal", """ "a":"2","b":"2" """, """{"result":true}""", """{"result":false}""" },
        { "semver-versions/less", """ "a":"1","b":"2" """, """{"result":true}""", """{"result":false}""" },
        { "semver-versions/less-equal", """ "a":"2","b":"2" """, """{"result":true}""", """{"result":false}""" },
        { "semver-versions/normalize-string", """ "input":"v1" """, """{"string":"1.0.0"}""", """{"string":"v1"}""" },
        { "semver-versions/parse-loose", """ "input":"v1-a+b" """, """{"valid":true,"major":1,"prerelease":"a","metadata":"b"}""", """{"valid":true,"major":2}""" },
        { "semver-versions/parse-strict", """ "input":"v1.0.0" """, """{"valid":false}""", """{"valid":true}""" },
        { "semver-versions/sort-ascending", """ "inputs":["2","1"] """, """{"strings":["1.0.0","2.0.0"]}""", """{"strings":["2.0.0","1.0.0"]}""" },
        { "semver-versions/validate-metadata", """ "input":"01" """, """{"valid":true}""", """{"valid":false}""" },
        { "semver-versions/validate-prerelease", """ "input":"01" """, """{"valid":false}""", """{"valid":true}""" },
        { "webhooks/acr/receive", Json("""{"action":"push","target":{"repository":"a","tag":"1"},"request":{"host":"a.b"}}"""), Event("a.b", "a", "1"), Event("a.b", "a", "2") },
        { "webhooks/acr/receive", Json("""{"action":"push","target":{"repository":"a","digest":"sha256:1"},"request":{"host":"a.b"}}"""), """{"events":[],"digestOnly":{"registry":"a.b","repository":"a","digest":"sha256:1"}}""", Event("a.b", "a", "1") },
        { "webhooks/aliyun-acr/receive", Json("""{"repository":{"repo_full_name":"a/B","region":"r"},"push_data":{"tag":"1"}}"""), Event("registry.r.aliyuncs.com", "a/B", "1"), """{"events":[]}""" },
        { "webhooks/artifactory/receive", Json("""{"domain":"docker","data":{"image_type":"helmoci"},"event_type":"pushed"}"""), """{"events":[],"artifactKind":"helm-chart"}""", """{"events":[],"artifactKind":"image"}""" },
        { "webhooks/auth/authenticate", """ "method":"POST","scheme":"query parameter ?secret=","querySecret":"a","configuredSecret":"a" """, """{"accept":true}""", """{"accept":false}""" },
        { "webhooks/auth/authenticate", """ "method":"GET","scheme":"query parameter ?secret=","querySecret":"a","configuredSecret":"a" """, """{"accept":false}""", """{"accept":true}""" },
        { "webhooks/auth/authenticate", """ "method":"POST","scheme":"plain Authorization header equals secret","authorization":"a","configuredSecret":"a" """, """{"accept":true}""", """{"accept":false}""" },
        { "webhooks/auth/authenticate", """ "method":"POST","scheme":"X-Hub-Signature-256","signature":"sha256=00","body":"{}","configuredSecret":"a" """, """{"accept":false}""", """{"accept":true}""" },
        { "webhooks/auth/hmac-artifactory", """ "secret":"k","body":"b","header":{} """, """{"accept":false}""", """{"accept":true}""" },
        { "webhooks/auth/hmac-generic", """ "secret":"k","body":"b","header":{"X-Signature":"sha1=1a36a6ee2b0eba7a9e8ae2a0fbe1c4b1f4c1d9d2"} """, """{"accept":false}""", """{"accept":true}""" },
        { "webhooks/auth/hmac-nexus", """ "secret":"k","body":"b","header":{} """, """{"accept":false}""", """{"accept":true}""" },
        { "webhooks/auth/hmac-sha256", """ "secret":"It's a Secret to Everybody","body":"Hello, World!","header":{"X-Hub-Signature-256":"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"} """, """{"accept":true}""", """{"accept":false}""" },
        { "webhooks/cdevents/receive", Json("""{"context":{"type":"dev.cdevents.artifact.published.0.3.0"},"subject":{"id":"pkg:docker/a@1"}}"""), Event("docker.io", "library/a", "1"), """{"events":[]}""" },
        { "webhooks/cloudevents/ecr-registry-from-source", """ "sourceAttr":"x","data":{} """, """{"registry":""}""", """{"registry":"x"}""" },
        { "webhooks/cloudevents/receive", Json("""{"specversion":"1.0","type":"a.push","source":"a.b/c","data":{"repository":"c","tag":"1"}}"""), Event("a.b", "c", "1"), """{"events":[]}""" },
        { "webhooks/cloudevents/registry-from-source", """ "sourceAttr":"a.b/c" """, """{"registry":"a.b"}""", """{"registry":""}""" },
        { "webhooks/distribution/receive", Json("""{"events":[{"action":"push","target":{"repository":"a","tag":"1"},"request":{"host":"a.b"}}]}"""), Event("a.b", "a", "1"), """{"events":[]}""" },
        { "webhooks/dockerhub/receive", Json("""{"repository":{"repo_name":"a/b"},"push_data":{"tag":"1"}}"""), Event("docker.io", "a/b", "1"), """{"events":[],"rejectedOrIgnored":true}""" },
        { "webhooks/ecr-eventbridge/receive", Json("{}"), """{"events":[],"rejectedOrIgnored":true,"status":400}""", """{"events":[],"status":200}""" },
        { "webhooks/gcr-pubsub/receive", Json("""{"message":{"data":"%"}}"""), """{"events":[],"status":400,"valid":false}""", """{"events":[],"valid":true}""" },
        { "webhooks/generic/receive", Json("""{"name":"a.b/c","tag":"1","digest":"sha256:1"}"""), """{"events":[{"registry":"a.b","repository":"c","tag":"1","digest":"sha256:1"}]}""", """{"events":[{"registry":"a.b","repository":"c","tag":"1","digest":"sha256:2"}]}""" },
        { "webhooks/ghcr/receive", """ "headers":{"X-GitHub-Event":"ping"},"body":{"json":{}} """, """{"events":[],"status":200}""", """{"events":[],"status":400}""" },
        { "webhooks/harbor/receive", Json("""{"type":"pushImage","event_data":{"resources":[{"resource_url":"a.b/c:1"},{"resource_url":"a.b/c:2"}]}}"""), """{"events":[{"registry":"a.b","repository":"c","tag":"1"},{"registry":"a.b","repository":"c","tag":"2"}]}""", Event("a.b", "c", "1") },
        { "webhooks/nexus/receive", """ "query":{"registry_url":"a.b"},"body":{"json":{"action":"CREATED","component":{"format":"docker","name":"c","version":"1"}}} """, Event("a.b", "c", "1"), """{"events":[]}""" },
        { "webhooks/quay/receive", """ "body":{"raw":"x"} """, """{"events":[],"status":400}""", """{"events":[],"status":200}""" },
        { "webhooks/quay/registry-from-docker-url", """ "input":"https://a.b/c" """, """{"registry":"a.b"}""", """{"registry":"quay.io"}""" },
    };

    [Theory]
    [MemberData(nameof(Ops))]
    public void An_op_tells_right_from_wrong(string op, string inputs, string right, string wrong)
    {
        Assert.Equal((1, 0), Run(op, inputs, right));
        Assert.Equal((0, 1), Run(op, inputs, wrong));
    }

    [Fact]
    public void Nothing_is_understood_and_declared_as_a_peers_own_at_once() => Assert.Empty(VectorOps.All.Keys.Intersect(DeclaredDialects.All.Keys));

    [Fact]
    public void Every_op_is_tried_here() => Assert.Equal(VectorOps.All.Keys.Order(), Ops.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public void A_rule_that_a_file_does_not_name_is_declared_for_every_case_that_has_it()
    {
        var json = """
            {"cases":[{"id":"w-1","op":"authenticate","configuredSecret":"","expect":{"accept":true}},
                      {"id":"w-2","op":"authenticate","configuredSecret":"a","expect":{"accept":true}},
                      {"id":"w-3","op":"authenticate","expect":{"accept":true}}]}
            """;

        Assert.True(VectorFile.TryRead("webhooks/auth", json, out var file, out _));
        Assert.Equal(["open-without-secret", null, null], file.Cases.Select(one => one.Dialect));
        Assert.True(DeclaredDialects.All.ContainsKey("webhooks/auth/open-without-secret"));
    }

    private static string Pods(string weight, string stable, string canary) =>
        $$$""" "mode":"replica-weighted","input":{"replicas":10,"setWeight":{{{weight}}},"maxSurge":1,"maxUnavailable":0,"promoteFull":false,"stable":{{{Set(stable)}}},"canary":{{{Set(canary)}}}} """;

    private static string Set(string pods) => $$$"""{"specReplicas":{{{pods.Split(',')[0]}}},"availableReplicas":{{{pods.Split(',')[1]}}}}""";

    private static string Deployed(string deployment) => $$$""" "input":{"deployment":{{{deployment}}},"readyThresholdPercent":100,"progressDeadlineSeconds":0} """;

    private static string Offered(string soaked) =>
        $$$""" "input":{"stage":{"requests":[{"origin":"w","upstream":["up"],"soakSeconds":3600}]},"release":{"origin":"w","verifiedIn":{"up":{"longestSoakSeconds":{{{soaked}}} } } } } """;

    private static string Json(string body) => $$""" "body":{"json":{{body}}} """;

    private static string Event(string registry, string repository, string tag) => $$"""{"events":[{"registry":"{{registry}}","repository":"{{repository}}","tag":"{{tag}}"}]}""";

    private static (int Passed, int Failed) Run(string op, string inputs, string expect)
    {
        var slash = op.LastIndexOf('/');
        var json = $$"""{"cases":[{"id":"x-1","op":"{{op[(slash + 1)..]}}",{{inputs}},"expect":{{expect}}}]}""";
        Assert.True(VectorFile.TryRead(op[..slash], json, out var file, out var error), error);
        var report = new VectorRun(VectorOps.All, VectorOps.PeersWords, DeclaredDialects.All).Run(file);
        return (report.Passed, report.Failures.Count);
    }
}
