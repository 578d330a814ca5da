import QtQuick
import Kiosk
import "../pages"

// The one place that knows which file draws which kind of page. The old page is destroyed before the new one is made.
Item {
    id: host

    readonly property var kinds: ({
            "attract": ["AttractPage", "bare"],
            "capture": ["CapturePage", "step"],
            "choose": ["ChoosePage", "step"],
            "consent": ["ConsentPage", "step"],
            "dispense": ["DispensePage", "step"],
            "done": ["DonePage", "art"],
            "farewell": ["FarewellPage", "art"],
            "form": ["FormPage", "step"],
            "home": ["HomePage", "home"],
            "identify": ["IdentifyPage", "step"],
            "message": ["MessagePage", "step"],
            "outOfService": ["OutOfServicePage", "bare"],
            "pay": ["PayPage", "step"],
            "print": ["PrintPage", "step"],
            "rate": ["RatePage", "step"],
            "review": ["ReviewPage", "step"],
            "working": ["WorkingPage", "step"]
        })
    readonly property string frame: host.kinds[host.kind]?.[1] ?? "bare"
    property string kind
    property PageBase page: null
    property int serial: -1
    readonly property real slack: Math.max(0, host.height - (host.page?.used ?? host.height))

    function clear(): void {
        host.drop();
        host.kind = "";
        host.serial = -1;
    }
    function drop(): void {
        const old = host.page;
        host.page = null;
        if (old) {
            old.parent = null; // it is destroyed only after this turn, and must not be seen until then
            old.destroy();
        }
    }
    // Not with a Loader: what its setSource gives a page to begin with is never let go, and a visit's names are in it.
    function make(file: string): PageBase {
        const component = Qt.createComponent(file);
        if (component.status !== Component.Ready)
            console.error(component.errorString());
        return component.createObject(stage, {
            "page": Flow.page
        }) as PageBase;
    }
    function show(): void {
        if (host.kinds[Flow.kind] === undefined) {
            host.clear();
        } else if (Flow.serial === host.serial && Flow.kind === host.kind) {
            host.page.page = Flow.page;
        } else {
            host.drop();
            host.kind = Flow.kind;
            host.serial = Flow.serial;
            host.page = host.make(`../pages/${host.kinds[host.kind][0]}.qml`);
        }
    }

    Component.onCompleted: host.show()

    Connections {
        function onPageChanged(): void {
            host.show();
        }
        function onWiped(): void {
            host.clear();
        }

        target: Flow
    }
    Item {
        id: stage

        anchors.fill: parent
        objectName: "page"
    }
}
