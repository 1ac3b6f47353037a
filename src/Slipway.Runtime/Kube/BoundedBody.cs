using System.Buffers;

namespace Slipway.Kube;

/// <summary>The bytes of an answer in a rented buffer, never more than were allowed.</summary>
internal sealed class BoundedBody : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>False when there was more; then <see cref="Bytes"/> is its beginning.</summary>
    public async Task<bool> FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow(limit);
            }

            var room = Math.Min(_buffer.Length, limit + 1) - _length;
            var read = await stream.ReadAsync(_buffer.AsMemory(_length, room), cancellationToken);
            _length += read;
            if (read == 0 || _length > limit)
            {
                var whole = _length <= limit;
                _length = Math.Min(_length, limit);
                return whole;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Grow(int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)_buffer.Length * 2, (long)limit + 1));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
