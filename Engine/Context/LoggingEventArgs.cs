using Microsoft.ML.Runtime;

namespace Microsoft.ML.Runtime
{
    /// <summary>How serious a log message is.</summary>
    public enum ChannelMessageKind
    {
        /// <summary>For finding faults.</summary>
        Trace = 0,

        /// <summary>Good to know.</summary>
        Info = 1,

        /// <summary>Something may be wrong.</summary>
        Warning = 2,

        /// <summary>Something is wrong.</summary>
        Error = 3,
    }
}

namespace Microsoft.ML
{
    /// <summary>A log message of <see cref="MLContext.Log"/>.</summary>
    public class LoggingEventArgs : EventArgs
    {
        internal LoggingEventArgs(string message, ChannelMessageKind kind, string source) =>
            (RawMessage, Kind, Source) = (message, kind, source);

        /// <summary>The text with its source and kind before it.</summary>
        public string Message => $"[Source={Source}, Kind={Kind}] {RawMessage}";

        /// <summary>How serious it is.</summary>
        public ChannelMessageKind Kind { get; }

        /// <summary>The component that wrote it.</summary>
        public string Source { get; }

        /// <summary>The text alone.</summary>
        public string RawMessage { get; }
    }
}
