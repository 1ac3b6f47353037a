using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Payloads;

/// <summary>What holds for each parser, whoever sends.</summary>
public sealed class EveryVendorTests
{
    public static TheoryData<string> Types => [.. ReceiverType.All.Keys.Order()];

    // Bodies that no vendor sends, or sends about something else.
    private static readonly string[] Garbage =
    [
        "", "garbage", "null", "[]", "5", "\"text\"", "{}", "{\"a\":", "\uFEFF", "{\"events\":5}",
        """{"action":5,"type":[],"source":{},"image":7,"repository":[],"push_data":null,"message":"x","domain":{},"component":5,"context":[],"specversion":null}""",
        """{"action":"push","type":"PUSH_ARTIFACT","source":"aws.ecr","detail":7,"image":"","repository":{"repo_full_name":7},"message":{"data":5},"domain":"docker","data":[]}""",
        """{"image":"\ud800","name":"\udfff","tag":"\ud800","events":[{"action":"\ud800"}],"type":"\ud800","action":"\ud800","source":"\ud800","domain":"\ud800"}""",
    ];

    [Fact]
    public void Every_type_has_a_sample_here() => Assert.Equal(ReceiverType.All.Keys.Order(), SamplePayloads.All.Keys.Order());

    [Theory]
    [MemberData(nameof(Types))]
    public void A_push_is_a_hint_at_its_image(string type) => Assert.Equal(SamplePayloads.All[type].Image, Readings.Line(Readings.Read(type, SamplePayloads.Request(type))));

    [Theory]
    [MemberData(nameof(Types))]
    public void Garbage_hints_at_nothing_and_throws_nothing(string type)
    {
        foreach (var body in Garbage)
        {
            var reading = Readings.Read(type, Readings.Request(body, ("X-GitHub-Event", "package")));

            Assert.True(reading is PayloadReading.Refused { Why.Length: > 0 } or PayloadReading.Ignored { Why.Length: > 0 }, $"{body}: {Readings.Line(reading)}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_body_that_is_cut_anywhere_throws_nothing(string type)
    {
        var whole = SamplePayloads.Request(type);
        for (var length = 0; length < whole.Body.Length; length++)
        {
            Assert.IsType<PayloadReading.Refused>(Readings.Read(type, whole with { Body = whole.Body[..length] }));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Nesting_without_end_is_refused(string type) =>
        Assert.Contains("nests deeper", Readings.Line(type, $$"""{"a":{{new string('[', 100_000)}}"""), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_name_that_no_image_has_is_no_hint(string type)
    {
        foreach (var name in new[] { "acme/shop;rm", "../../etc/passwd", "acme//shop", new string('a', 600), "acme/shop\\n", "http://evil/acme" })
        {
            var body = SamplePayloads.All[type].Body.Replace("acme/shop", name, StringComparison.Ordinal);
            var changed = body != SamplePayloads.All[type].Body;
            var reading = Readings.Read(type, SamplePayloads.Request(type) with { Body = System.Text.Encoding.UTF8.GetBytes(body) });

            Assert.True(!changed || reading is not PayloadReading.Hints, $"{name}: {Readings.Line(reading)}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_said_of_a_body_stays_on_its_line(string type)
    {
        var body = SamplePayloads.All[type].Body.Replace("1.0", """bad\u001b[31m\r\nforged line""", StringComparison.Ordinal).Replace("acme", """a\u202ecme\n""", StringComparison.Ordinal);
        var line = Readings.Line(Readings.Read(type, SamplePayloads.Request(type) with { Body = System.Text.Encoding.UTF8.GetBytes(body) }));

        Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter == '\u202e');
    }
}
