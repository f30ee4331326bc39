using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 11: lies about how long a stream is (RFC 9000 §4.5).</summary>
public sealed class FinalSizeTests
{
    private const long StreamFrame = WireFrame.Stream + 6;

    [Fact]
    public void Data_beyond_the_end_is_a_final_size_error() =>
        Rejects(StreamFrame, Forge.Stream(0, 0, [1, 2], fin: true), Forge.Stream(0, 2, [3]));

    [Fact]
    public void An_end_before_data_that_came_is_a_final_size_error() =>
        Rejects(StreamFrame + 1, Forge.Stream(0, 5, [1, 2]), Forge.Stream(0, 0, [1], fin: true));

    [Fact]
    public void Another_end_is_a_final_size_error() =>
        Rejects(StreamFrame + 1, Forge.Stream(0, 5, [1], fin: true), Forge.Stream(0, 6, [1], fin: true));

    [Fact]
    public void A_reset_short_of_data_that_came_is_a_final_size_error() =>
        Rejects(WireFrame.ResetStream, Forge.Stream(0, 0, [1, 2, 3]), Forge.ResetStream(0, 1, 2));

    [Fact]
    public void A_reset_with_another_end_is_a_final_size_error() =>
        Rejects(WireFrame.ResetStream, Forge.Stream(0, 5, [1], fin: true), Forge.ResetStream(0, 1, 7));

    [Fact]
    public void Data_beyond_a_resets_final_size_is_a_final_size_error() =>
        Rejects(StreamFrame, Forge.ResetStream(0, 1, 3), Forge.Stream(0, 3, [1]));

    [Fact]
    public void A_reset_again_with_another_final_size_is_a_final_size_error() =>
        Rejects(WireFrame.ResetStream, Forge.ResetStream(0, 1, 3), Forge.ResetStream(0, 1, 4));

    [Fact]
    public void Bytes_of_reset_streams_count_for_the_connection()
    {
        var limits = new TransportOptions { ConnectionWindow = 10_000, ConnectionWindowMax = 10_000, StreamWindow = 8_000, StreamWindowMax = 8_000 };
        ServerScene.Run(new ServerSceneOptions { Transport = limits, Serving = () => new IdleApplication() }, scene =>
        {
            scene.Establish();
            scene.Peer.Send(Forge.ResetStream(0, 1, 8_000), Forge.ResetStream(4, 1, 8_000));
            scene.ExpectClose(TransportErrorCode.FlowControlError, WireFrame.ResetStream);
        });
    }

    [Fact]
    public void The_same_end_and_the_same_bytes_again_are_borne() => ServerScene.Run(new ServerSceneOptions { Serving = () => new IdleApplication() }, scene =>
    {
        scene.Establish();
        scene.Peer.Send(Forge.Stream(0, 0, [1, 2, 3], fin: true), Forge.Stream(0, 0, [1, 2, 3], fin: true), Forge.Stream(0, 1, [2]), Forge.Stream(0, 3, [], fin: true), Forge.ResetStream(0, 1, 3));
        scene.ExpectAlive();
    });

    private static void Rejects(long blamed, params byte[][] frames) => ServerScene.Run(new ServerSceneOptions { Serving = () => new IdleApplication() }, scene =>
    {
        scene.Establish();
        scene.Peer.Send(frames);
        scene.ExpectClose(TransportErrorCode.FinalSizeError, blamed);
    });
}
