import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The screen on a panel that lies: a rail with title, steps and access keys, the body beside it.
Item {
    id: root

    readonly property bool art: host.frame === "art" || root.home
    readonly property bool bare: host.frame === "bare"
    readonly property bool home: host.frame === "home"

    signal helpPressed
    signal leavePressed
    signal staffPressed

    Rail {
        art: root.art
        done: host.frame === "art"
        height: root.height
        home: root.home
        visible: !root.bare
        width: Sizes.railWidth

        onHelpPressed: root.helpPressed()
        onLeavePressed: root.leavePressed()
        onStaffPressed: root.staffPressed()
    }
    Banner {
        id: banner

        inset: Sizes.bodyX - Sizes.railWidth
        text: Flow.page.bannerText ?? ""
        title: Flow.page.banner ?? ""
        visible: root.home && title !== ""
        width: root.width - Sizes.railWidth
        x: Sizes.railWidth
        y: talk.implicitHeight
    }
    TalkStrip {
        id: talk

        inset: Sizes.bodyX - Sizes.railWidth
        width: root.width - Sizes.railWidth
        x: Sizes.railWidth
        z: 1
    }
    ColumnLayout {
        id: body

        height: root.bare ? root.height : root.height - y - 36
        spacing: 0
        width: root.bare ? root.width : root.width - Sizes.bodyX - Sizes.marginLandscape
        x: root.bare ? 0 : Sizes.bodyX
        y: root.bare ? 0 : talk.implicitHeight + (banner.visible ? banner.height + 20 : 44)

        PageHost {
            id: host

            Layout.fillHeight: true
            Layout.fillWidth: true
        }
        ActionBar {
            id: action

            Layout.fillWidth: true
            Layout.topMargin: empty ? 0 : 20
            slack: host.slack
            visible: !root.bare && !empty
        }
    }
    Turning {
        content: body
        still: root.bare
    }
}
