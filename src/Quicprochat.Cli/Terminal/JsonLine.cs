using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quicprochat.Cli.Terminal;

#pragma warning disable CA1001 // The writer writes into memory and is complete after ToString.
/// <summary>One JSON object on one line. Its first member, <c>type</c>, says what it is.</summary>
internal sealed class JsonLine
#pragma warning restore CA1001
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;

    public JsonLine(string type)
    {
        _json = new Utf8JsonWriter(_bytes, _options);
        _json.WriteStartObject();
        _json.WriteString("type", type);
    }

    public JsonLine Add(string name, string? value)
    {
        if (value is null)
        {
            _json.WriteNull(name);
        }
        else
        {
            _json.WriteString(name, value);
        }
        return this;
    }

    public JsonLine Add(string name, long value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    public JsonLine Add(string name, double value)
    {
        _json.WriteNumber(name, Math.Round(value, 3));
        return this;
    }

    public JsonLine Add(string name, bool value)
    {
        _json.WriteBoolean(name, value);
        return this;
    }

    public JsonLine Add(string name, DateTimeOffset value) => Add(name, value.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    public JsonLine Add(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (string value in values)
        {
            _json.WriteStringValue(value);
        }
        _json.WriteEndArray();
        return this;
    }

    /// <summary>The object; nothing can be added afterwards.</summary>
    public override string ToString()
    {
        _json.WriteEndObject();
        _json.Flush();
        return Encoding.UTF8.GetString(_bytes.WrittenSpan);
    }
}
