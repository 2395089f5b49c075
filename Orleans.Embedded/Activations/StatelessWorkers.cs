namespace Orleans.Embedded;

/// <summary>The activations of one identity of a stateless worker: a call goes to an idle one, else to a new one while
/// there may be more, else to the least loaded.</summary>
internal sealed class StatelessWorkers(EmbeddedEngine engine, GrainClass grainClass, GrainId grainId) : CallTarget
{
    private readonly List<Activation> _workers = [];

    public override bool Receive(GrainCall call)
    {
        lock (_workers)
        {
            while (true)
            {
                var worker = _workers.MinBy(static one => one.Load);
                if ((worker is null || worker.Load > 0) && _workers.Count < grainClass.Workers)
                {
                    worker = engine.MakeActivation(grainClass, grainId, this);
                    if (worker is null)
                        return false;
                    _workers.Add(worker);
                    var taken = worker.Receive(call);
                    worker.Begin(call.Context);
                    return taken;
                }
                if (worker!.Receive(call))
                    return true;
                _workers.Remove(worker);
            }
        }
    }

    public void Forget(Activation worker)
    {
        lock (_workers)
            _workers.Remove(worker);
    }
}
