using System.Text;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class NodeReaderTests
{
    private readonly NodeReader _reader = new(new ValuePool());

    [Fact]
    public void A_node_is_read()
    {
        var node = _reader.Read(Sample.Json("""
            {"metadata":{"name":"node-7","labels":{"kubernetes.io/arch":"arm64","kubernetes.io/os":"linux"}},
             "spec":{"unschedulable":true,"taints":[
               {"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule","timeAdded":"2026-11-23T08:25:05Z"},{"key":"dedicated","value":"gpu","effect":"NoExecute"}]}}
            """));

        Assert.Equal("node-7", node.Name);
        Assert.Equal("arm64", node.Labels["kubernetes.io/arch"]);
        Assert.True(node.Unschedulable);
        Assert.Equal([new("node.kubernetes.io/unschedulable", null, "NoSchedule"), new("dedicated", "gpu", "NoExecute")], node.Taints);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"n"}}""")]
    [InlineData("""{"metadata":{"name":"n","labels":{}},"spec":{"taints":null,"unschedulable":null}}""")]
    public void Absent_null_and_empty_are_read_alike(string json)
    {
        var node = _reader.Read(Sample.Json(json));

        Assert.Empty(node.Labels);
        Assert.Empty(node.Taints);
        Assert.False(node.Unschedulable);
    }

    [Fact]
    public void A_wrong_type_names_object_and_field() =>
        Assert.Equal(
            "Node n: spec.taints[0].key is missing",
            Assert.Throws<FormatException>(() => _reader.Read(Sample.Json("""{"metadata":{"name":"n"},"spec":{"taints":[{"effect":"NoSchedule"}]}}"""))).Message);
}

public sealed class PullSecretReaderTests
{
    private const string Config = """{"auths":{"ghcr.io":{"auth":"Ym9iOmh1bnRlcjI="}}}""";

    [Theory]
    [InlineData("kubernetes.io/dockerconfigjson", ".dockerconfigjson", false)]
    [InlineData("kubernetes.io/dockercfg", ".dockercfg", true)]
    public void A_pull_secret_gives_the_bytes_of_its_file(string type, string entry, bool legacy)
    {
        var secret = Read(type, entry, $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(Config))}\"")!;

        Assert.Equal(("prod", "regcred", legacy), (secret.Namespace, secret.Name, secret.Legacy));
        Assert.Equal(Config, Encoding.UTF8.GetString(secret.Config.Span));
    }

    [Theory]
    [InlineData("Opaque", ".dockerconfigjson", "\"e30=\"")]
    [InlineData("", ".dockerconfigjson", "\"e30=\"")]
    [InlineData("kubernetes.io/dockerconfigjson", ".dockercfg", "\"e30=\"")]
    [InlineData("kubernetes.io/dockerconfigjson", ".dockerconfigjson", "\"\"")]
    [InlineData("kubernetes.io/dockerconfigjson", ".dockerconfigjson", "null")]
    public void Another_secret_is_no_pull_secret(string type, string entry, string value) => Assert.Null(Read(type, entry, value));

    [Fact]
    public void A_secret_without_data_is_no_pull_secret() =>
        Assert.Null(PullSecretReader.Read(Sample.Json("""{"metadata":{"name":"regcred"},"type":"kubernetes.io/dockerconfigjson"}""")));

    [Fact]
    public void A_value_that_is_no_base64_is_an_error_that_does_not_repeat_it()
    {
        var error = Assert.Throws<FormatException>(() => Read("kubernetes.io/dockerconfigjson", ".dockerconfigjson", "\"hunter2!\""));

        Assert.Equal("Secret prod/regcred: data..dockerconfigjson should be base64, and is a string", error.Message);
    }

    [Fact]
    public void A_pull_secret_does_not_print_its_content() =>
        Assert.DoesNotContain("hunter2", new PullSecret("prod", "regcred", Encoding.UTF8.GetBytes("hunter2"), false).ToString(), StringComparison.Ordinal);

    private static PullSecret? Read(string type, string entry, string value) => PullSecretReader.Read(Sample.Json(
        $$"""{"metadata":{"name":"regcred","namespace":"prod"},"type":"{{type}}","data":{"{{entry}}": {{value}} } }"""));
}

public sealed class ServiceAccountReaderTests
{
    private readonly ServiceAccountReader _reader = new(new ValuePool());

    [Fact]
    public void An_account_tells_the_pull_secrets_of_its_pods()
    {
        var account = _reader.Read(Sample.Json(
            """{"metadata":{"name":"default","namespace":"prod"},"imagePullSecrets":[{"name":"regcred"},{"name":"mirror"}],"secrets":[{"name":"default-token"}]}"""));

        Assert.Equal(("prod", "default"), (account.Namespace, account.Name));
        Assert.Equal(["regcred", "mirror"], account.PullSecrets);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"default"}}""")]
    [InlineData("""{"metadata":{"name":"default"},"imagePullSecrets":null}""")]
    [InlineData("""{"metadata":{"name":"default"},"imagePullSecrets":[{"name":""},{}]}""")]
    public void Absent_null_and_empty_are_read_alike(string json) => Assert.Empty(_reader.Read(Sample.Json(json)).PullSecrets);
}

public sealed class ValuePoolTests
{
    [Fact]
    public void Equal_texts_become_one()
    {
        var pool = new ValuePool();

        Assert.Same(pool.Share(new string('a', 3)), pool.Share(new string('a', 3)));
        Assert.Same("", pool.Share(""));
    }

    [Fact]
    public void A_full_pool_starts_anew_and_stays_right()
    {
        var pool = new ValuePool(limit: 10);
        var first = pool.Share(new string('x', 4));
        for (var index = 0; index < 1_000; index++)
        {
            Assert.Equal($"value-{index}", pool.Share($"value-{index}"));
        }

        var again = pool.Share(new string('x', 4));
        Assert.Equal(first, again);
        Assert.NotSame(first, again);
    }
}
