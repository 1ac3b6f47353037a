using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// Reads objects in Kubernetes' protobuf envelope ("Kubernetes Protobuf encoding" of the API concepts): four bytes, then a
/// message with the kind and the object.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int MaxDepth = 32;

    private enum WireType { Number = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 }

    private static ReadOnlySpan<byte> Magic => [0x6b, 0x38, 0x73, 0x00];

    /// <exception cref="StatusException">BadRequest, when it is no such message; UnsupportedMediaType, when it has a field that is not read here.</exception>
    public static JsonObject Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic))
        {
            throw Malformed("it does not start as one of Kubernetes");
        }
        var (apiVersion, kind) = ("", "");
        ReadOnlyMemory<byte> raw = default;
        var envelope = body[Magic.Length..];
        while (TryNext(ref envelope, out var number, out _, out var bytes))
        {
            if (number == 1)
            {
                (apiVersion, kind) = TypeOf(bytes);
            }
            else if (number == 2)
            {
                raw = bytes;
            }
        }
        var value = Message(kind, raw, 0);
        (value["apiVersion"], value["kind"]) = (apiVersion, kind);
        return value;
    }

    private static (string ApiVersion, string Kind) TypeOf(ReadOnlyMemory<byte> bytes)
    {
        var (apiVersion, kind) = ("", "");
        while (TryNext(ref bytes, out var number, out _, out var text))
        {
            (apiVersion, kind) = number == 1 ? (Encoding.UTF8.GetString(text.Span), kind) : (apiVersion, Encoding.UTF8.GetString(text.Span));
        }
        return (apiVersion, kind);
    }

    private static JsonObject Message(string type, ReadOnlyMemory<byte> bytes, int depth)
    {
        var fields = ProtobufFields.Of(type) ?? throw NotRead($"messages of type {type}");
        if (depth > MaxDepth)
        {
            throw Malformed("it is nested too deeply");
        }
        var value = new JsonObject();
        while (TryNext(ref bytes, out var number, out var whole, out var content))
        {
            var field = fields.GetValueOrDefault(number) ?? throw NotRead($"field {number} of {type}");
            if (field.Type == "-")
            {
                continue;
            }
            if (field.IsMap)
            {
                var (key, item) = Entry(field.Type, content);
                value.Ensure(field.Name)[key] = item;
                continue;
            }
            var read = Value(field.Type, whole, content, depth);
            if (field.IsList)
            {
                var list = value[field.Name] as JsonArray ?? [];
                value[field.Name] ??= list;
                list.Add(read);
            }
            else if (field.IsPointer || !IsZero(read))
            {
                value[field.Name] = read;
            }
        }
        return value;
    }

    private static (string Key, JsonNode? Value) Entry(string type, ReadOnlyMemory<byte> bytes)
    {
        var key = "";
        JsonNode? value = type is "s" or "y" ? "" : null;
        while (TryNext(ref bytes, out var number, out var whole, out var content))
        {
            if (number == 1)
            {
                key = Encoding.UTF8.GetString(content.Span);
            }
            else
            {
                value = Value(type, whole, content, 0);
            }
        }
        return (key, value);
    }

    private static JsonNode? Value(string type, ulong whole, ReadOnlyMemory<byte> content, int depth) => type switch
    {
        "s" => JsonValue.Create(Encoding.UTF8.GetString(content.Span)),
        "y" => JsonValue.Create(Convert.ToBase64String(content.Span)),
        "i" => JsonValue.Create((long)whole),
        "b" => JsonValue.Create(whole != 0),
        "q" => Quantity(content),
        "x" => NumberOrText(content),
        _ => Message(type, content, depth + 1),
    };

    private static JsonValue Quantity(ReadOnlyMemory<byte> content) =>
        JsonValue.Create(TryNext(ref content, out _, out _, out var text) ? Encoding.UTF8.GetString(text.Span) : "0");

    private static JsonValue NumberOrText(ReadOnlyMemory<byte> content)
    {
        var (isText, number, text) = (false, 0L, "");
        while (TryNext(ref content, out var field, out var whole, out var bytes))
        {
            switch (field)
            {
                case 1:
                    isText = whole == 1;
                    break;
                case 2:
                    number = (long)whole;
                    break;
                case 3:
                    text = Encoding.UTF8.GetString(bytes.Span);
                    break;
            }
        }
        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static bool IsZero(JsonNode? value) => value switch
    {
        JsonObject fields => fields.Count == 0,
        JsonValue scalar => scalar.TryGetValue<string>(out var text) ? text.Length == 0 : scalar.TryGetValue<long>(out var whole) ? whole == 0
            : scalar.TryGetValue<bool>(out var flag) && !flag,
        _ => false,
    };

    // One field of the wire format: its number, and its content as what it may be.
    private static bool TryNext(ref ReadOnlyMemory<byte> bytes, out int number, out ulong whole, out ReadOnlyMemory<byte> content)
    {
        (number, whole, content) = (0, 0, default);
        if (bytes.IsEmpty)
        {
            return false;
        }
        var tag = Varint(ref bytes);
        number = (int)(tag >> 3);
        switch ((WireType)(tag & 7))
        {
            case WireType.Number:
                whole = Varint(ref bytes);
                return true;
            case WireType.Bytes:
                content = Take(ref bytes, Varint(ref bytes));
                return true;
            case WireType.Fixed64:
                whole = BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span);
                return true;
            case WireType.Fixed32:
                whole = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span);
                return true;
            default:
                throw Malformed("a field has no type that there is");
        }
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, ulong length)
    {
        if (length > (ulong)bytes.Length)
        {
            throw Malformed("it ends too early");
        }
        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(bytes.Length, 10); i++)
        {
            var octet = bytes.Span[i];
            value |= (ulong)(octet & 0x7F) << (7 * i);
            if (octet < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }
        throw Malformed("a number does not end");
    }

    private static StatusException Malformed(string why) => ApiStatus.BadRequest($"the body is no protobuf message: {why}").Thrown();

    private static StatusException NotRead(string what) =>
        new ApiStatus(415, "UnsupportedMediaType", $"the sandbox does not read {what} in protobuf; send JSON or YAML (kubectl create -f, kubectl apply)")
            .Thrown();
}
