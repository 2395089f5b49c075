using Guichet.Components;

namespace Guichet.Partners;

/// <summary>What the address of the list of partners asks for.</summary>
internal static class PartnerListFilter
{
    public const string GroupTab = "tab";

    public static PartnerFilter Of(ListView view) => new(
        Enum.TryParse<PartnerGroup>(view.Filter(GroupTab), ignoreCase: true, out var group) && Enum.IsDefined(group) ? group : null,
        view.Search,
        view.Filter("archived") == "yes",
        Enum.TryParse<EnvelopeState>(view.Filter("envelope"), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        Sort: view.Sort switch
        {
            "group" => PartnerSort.Group,
            "envelope" => PartnerSort.Envelope,
            "on-sale" => PartnerSort.OnSale,
            "reported" => PartnerSort.ReportedAt,
            _ => PartnerSort.Name,
        },
        Descending: view.Descending, Offset: view.Offset, Limit: view.Limit);
}
