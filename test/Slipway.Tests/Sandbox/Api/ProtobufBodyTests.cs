using System.Text;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

public sealed class ProtobufBodyTests
{
    [Fact]
    public void An_object_in_the_envelope_is_read()
    {
        var metadata = Bytes(1, Text(1, "settings"), Bytes(11, Text(1, "app"), Text(2, "shop")));
        var body = Envelope("v1", "ConfigMap", [.. metadata, .. Bytes(2, Text(1, "a"), Text(2, "1")), 4 << 3, 1]);

        var value = ProtobufBody.Read(body);

        Assert.Equal("""{"metadata":{"name":"settings","labels":{"app":"shop"}},"data":{"a":"1"},"immutable":true,"apiVersion":"v1","kind":"ConfigMap"}""", value.ToJsonString());
    }

    [Fact]
    public void A_zero_behind_a_pointer_is_a_value_and_any_other_zero_is_nothing()
    {
        var value = ProtobufBody.Read(Envelope("apps/v1", "Deployment", Bytes(2, [1 << 3, 0], [5 << 3, 0])));

        Assert.Equal("""{"replicas":0}""", value["spec"]!.ToJsonString());
    }

    [Fact]
    public void A_field_that_is_not_known_is_refused_rather_than_lost()
    {
        var status = Assert.Throws<StatusException>(() => ProtobufBody.Read(Envelope("v1", "ConfigMap", Text(77, "x")))).Status;

        Assert.Equal(415, status.Code);
        Assert.Contains("field 77 of ConfigMap", status.Message);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x6b, 0x38, 0x73, 0x00, 0x0A, 0xFF })]
    [InlineData(new byte[] { 0x6b, 0x38, 0x73, 0x00, 0xFF, 0xFF })]
    public void What_is_no_message_is_refused(byte[] body) =>
        Assert.InRange(Assert.Throws<StatusException>(() => ProtobufBody.Read(body)).Status.Code, 400, 415);

    private static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
        [0x6b, 0x38, 0x73, 0x00, .. Bytes(1, Text(1, apiVersion), Text(2, kind)), .. Bytes(2, raw)];

    private static byte[] Text(int number, string text) => Bytes(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int number, params byte[][] content)
    {
        byte[] all = [.. content.SelectMany(part => part)];
        return [.. Varint((number << 3) | 2), .. Varint(all.Length), .. all];
    }

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
