using System.Text;
using CsCheck;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

/// <summary>Whatever a client sends, the answer is the client's fault and the server goes on.</summary>
public sealed class BadInputTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private static readonly string[] Values =
        ["null", "1", "-1", "1.5", "\"\"", "\"x\"", "true", "[]", "{}", "[null]", "[[]]", "[1]", "[{}]", "[{\"name\":null}]", "[{\"name\":1}]",
            "{\"x\":null}", "{\"matchLabels\":[]}", "99999999999999999999"];

    private static readonly string[] Fields =
    [
        "apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.finalizers",
        "metadata.ownerReferences",
        "metadata.managedFields", "metadata.resourceVersion", "metadata.uid", "metadata.generateName", "metadata.creationTimestamp",
        "metadata.deletionTimestamp", "spec", "spec.replicas",
        "spec.selector", "spec.selector.matchExpressions", "spec.strategy", "spec.strategy.rollingUpdate", "spec.template", "spec.template.metadata",
        "spec.template.metadata.labels",
        "spec.template.spec", "spec.template.spec.containers", "spec.template.spec.volumes", "spec.template.spec.nodeSelector", "status", "status.conditions",
    ];

    private static readonly (string Method, string Type)[] Ways =
    [
        ("POST", "application/json"), ("PUT", "application/json"), ("PATCH", "application/merge-patch+json"),
        ("PATCH", "application/strategic-merge-patch+json"),
        ("PATCH", "application/apply-patch+yaml"), ("POST", "application/yaml"), ("DELETE", "application/json"),
    ];

    [Fact]
    public async Task A_field_of_any_shape_anywhere_never_makes_the_server_fail()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync(Deployments, Deployment());

        await Gen.Select(Gen.OneOf(Fields), Gen.OneOf(Values), Gen.OneOf(Ways), Gen.OneOf("", "/status", "/scale")).SampleAsync(async draw =>
        {
            var (field, value, way, part) = draw;
            var path = way.Method == "POST" ? Deployments : $"{Deployments}/shop{part}";
            var (code, body) = await sandbox.SendAsync(new(way.Method),
                $"{path}?fieldManager=f&force={(way.Type.Contains("apply", StringComparison.Ordinal) ? "true" : "")}", With(field, value), way.Type);
            Assert.True(code < 500, $"{way} {path} with {field}: {value} was answered {code}: {body.ToJsonString()}");
            if (way.Method == "DELETE")
            {
                await sandbox.PostAsync(Deployments, Deployment());
            }
        }, iter: 1500, threads: 1, writeLine: null);

        Assert.Equal(200, (await sandbox.GetAsync(Deployments)).Code);
    }

    [Fact]
    public async Task Bytes_of_any_kind_never_make_the_server_fail()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var types = Ways.Select(way =>
            way.Type).Append("application/vnd.kubernetes.protobuf").Append("application/json-patch+json").Append("text/plain").Append("").ToArray();

        await Gen.Select(Gen.Byte.Array[0, 64], Gen.OneOf(types), Gen.OneOf("POST", "PUT", "PATCH", "DELETE"), Gen.Bool).SampleAsync(async draw =>
        {
            var (bytes, type, method, asProtobuf) = draw;
            byte[] body = asProtobuf ? [0x6b, 0x38, 0x73, 0x00, .. bytes] : bytes;
            var (code, _) = await sandbox.SendAsync(new(method), method == "POST" ? SandboxFixture.ConfigMaps
                : $"{SandboxFixture.ConfigMaps}/a?fieldManager=f", body, type);
            Assert.InRange(code, 200, 499);
        }, iter: 1500, threads: 1, writeLine: null);
    }

    [Theory]
    [InlineData("[{\"op\":\"add\"}]")]
    [InlineData("[{\"op\":\"add\",\"path\":5,\"value\":1}]")]
    [InlineData("[{\"op\":\"add\",\"path\":\"data\",\"value\":1}]")]
    [InlineData("[{\"op\":\"remove\",\"path\":\"\"}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"\",\"value\":[]}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]")]
    [InlineData("[{\"op\":\"move\",\"from\":\"/metadata\",\"path\":\"/metadata/labels\"}]")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/metadata/name/x\",\"value\":1}]")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/metadata/finalizers/7\",\"value\":\"x\"}]")]
    [InlineData("[{\"op\":\"nothing\",\"path\":\"/data\"}]")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public async Task A_json_patch_that_makes_no_sense_is_the_clients_fault(string patch)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"));

        var (code, body) = await sandbox.SendAsync(HttpMethod.Patch, $"{SandboxFixture.ConfigMaps}/a", patch, "application/json-patch+json");

        Assert.InRange(code, 400, 422);
        Assert.Equal("Status", body.Kind());
    }

    [Theory]
    [InlineData("watch=1&resourceVersion=x")]
    [InlineData("watch=1&timeoutSeconds=x")]
    [InlineData("watch=1&sendInitialEvents=true")]
    [InlineData("limit=x")]
    [InlineData("continue=%00")]
    [InlineData("labelSelector=a+in+(")]
    [InlineData("fieldSelector=a")]
    [InlineData("resourceVersionMatch=Exact")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Other")]
    public async Task A_query_that_makes_no_sense_is_the_clients_fault(string query)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (code, body) = await sandbox.GetAsync($"{SandboxFixture.ConfigMaps}?{query}");

        Assert.InRange(code, 400, 422);
        Assert.Equal("Status", body.Kind());
    }

    [Fact]
    public async Task Json_that_is_nested_without_end_is_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        foreach (var type in new[] { "application/json", "application/yaml" })
        {
            var deep = new StringBuilder().Insert(0, "[", 100_000).ToString();
            Assert.Equal(400, (await sandbox.SendAsync(HttpMethod.Post, SandboxFixture.ConfigMaps, deep, type)).Code);
        }
    }

    [Fact]
    public async Task A_body_without_a_length_that_never_ends_is_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxFixture.ConfigMaps) { Content = new StreamContent(new Endless()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = true;

        try
        {
            using var response = await sandbox.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(413, (int)response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server closed the connection while the client still wrote.
        }
        Assert.Equal(200, (await sandbox.GetAsync(SandboxFixture.ConfigMaps)).Code);
    }

    private static string Deployment() =>
        """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"},"spec":{"selector":{"matchLabels":{"app":"shop"}},"template":{"metadata":{"labels":{"app":"shop"}},"spec":{"containers":[{"name":"web","image":"shop:1"}]}}}}""";

    private static string With(string field, string value)
    {
        // A number that no parser takes must reach the wire as it is.
        var marked = JsonTree.ParseObject(Deployment());
        var path = field.Split('.');
        marked.Ensure(path.AsSpan()[..^1])[path[^1]] = "MARK";
        return Encoding.UTF8.GetString(JsonTree.ToUtf8(marked)).Replace("\"MARK\"", value, StringComparison.Ordinal);
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
