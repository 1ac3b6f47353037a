using CsCheck;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Schema;

public sealed class FieldSetTests
{
    private static readonly Gen<FieldSet> Sets = Gen.OneOf("f:a", "f:b", "k:{\"name\":\"x\"}", "v:1").Array[1, 3].Array[0, 6].Select(paths =>
    {
        var set = new FieldSet();
        foreach (var path in paths)
        {
            set.Insert(path);
        }
        return set;
    });

    [Fact]
    public void A_set_survives_its_json() =>
        Sets.Sample(set => Assert.True(FieldSet.FromJson(set.ToJson()).SetEquals(set), set.ToJson().ToJsonString()));

    [Fact]
    public void The_operations_are_those_of_sets_of_paths() => Gen.Select(Sets, Sets).Sample((left, right) =>
    {
        var (a, b) = (left.Paths().ToHashSet(), right.Paths().ToHashSet());

        Assert.Equal(a.Union(b).Order(), FieldSet.Union(left, right).Paths().Order());
        Assert.Equal(a.Except(b).Order(), FieldSet.Except(left, right).Paths().Order());
        Assert.Equal(a.Intersect(b).Order(), FieldSet.Intersect(left, right).Paths().Order());
    });

    [Fact]
    public void Paths_are_written_for_people()
    {
        var set = FieldSet.FromJson(JsonTree.ParseObject(
            """{"f:spec":{"f:replicas":{},"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{}}},"f:tags":{"v:\"x\"":{}}}}"""));

        Assert.Equal([".spec.ports[port=80,protocol=\"TCP\"]", ".spec.ports[port=80,protocol=\"TCP\"].name", ".spec.replicas", ".spec.tags[=\"x\"]"],
            set.Paths());
    }

    [Theory]
    [InlineData("a b c", "b a", "b a c")]
    [InlineData("a b c", "c a", "b c a")]
    [InlineData("a b c", "x a", "x a b c")]
    [InlineData("a b c", "", "a b c")]
    [InlineData("", "x y", "x y")]
    [InlineData("s1 a s2 b s3", "a b", "s1 a s2 b s3")]
    public void Lists_are_merged_in_the_order_that_is_wanted_with_the_rest_where_it_was(string live, string wanted, string order)
    {
        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Words(order), ApplyMerge.Order(Words(live), Words(wanted)));
    }

    [Fact]
    public void Every_apply_leaves_each_field_with_whoever_applied_it_last() =>
        Gen.Select(Gen.OneOf("one", "two", "three"), Gen.OneOf("a", "b", "c").Array[0, 3], Gen.Int[0, 9]).Array[1, 12].Sample(applies =>
        {
            var type = BuiltInTypes.Find("", "ConfigMap");
            System.Text.Json.Nodes.JsonObject live = [];
            Dictionary<string, Dictionary<string, string>> wanted = [];
            foreach (var (manager, keys, value) in applies)
            {
                var data = keys.Distinct().ToDictionary(key => key, _ => $"{value}");
                var applied = JsonTree.ParseObject("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}""");
                foreach (var (key, text) in data)
                {
                    applied.Ensure("data")[key] = text;
                }
                live = FieldOwnership.Apply(type, live, applied, new(manager, Writer.Apply, "v1"), force: true, "2026-01-01T00:00:00Z");
                foreach (var (_, theirs) in wanted.Where(entry => entry.Key != manager))
                {
                    data.Where(mine => theirs.TryGetValue(mine.Key, out var text) && text != mine.Value).ToList().ForEach(mine => theirs.Remove(mine.Key));
                }
                wanted[manager] = data;
            }

            var expected = wanted.Values.SelectMany(data => data).DistinctBy(field => field.Key).OrderBy(field => field.Key)
                .Select(field => $"{field.Key}={field.Value}");
            var actual = (live.Section("data") ?? []).OrderBy(field => field.Key).Select(field => $"{field.Key}={field.Value}");
            Assert.Equal(expected, actual);
        });
}
