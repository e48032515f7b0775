namespace Microsoft.ML.Runtime;

/// <summary>Who an exception is thrown for; <see cref="MLContext"/> is one.</summary>
public interface IExceptionContext
{
}

/// <summary>Who can write to the log; <see cref="MLContext"/> is one.</summary>
public interface IChannelProvider : IExceptionContext
{
}

/// <summary>The surroundings that components are made in: <see cref="MLContext"/>, the only one there is.</summary>
public interface IHostEnvironment : IChannelProvider
{
}
