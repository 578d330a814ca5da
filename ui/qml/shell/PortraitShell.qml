pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The screen on a panel that stands: header, steps, content, action bar, access bar, status.
Item {
    id: root

    readonly property bool art: host.frame === "art"
    readonly property bool bare: host.frame === "bare"
    readonly property bool home: host.frame === "home"
    readonly property bool stepped: host.frame === "step" && !Theme.elder && Flow.frame.steps.length > 1

    signal helpPressed
    signal leavePressed
    signal staffPressed

    Mountains {
        height: 600
        name: root.art ? "mountains-done" : ""
        natural: 1080 / 700
        opacity: 0.5
        width: root.width
    }
    Mountains {
        height: width * 700 / 1080
        name: root.home && host.slack > 560 ? "mountains-done" : ""
        natural: 1080 / 700
        opacity: 0.6
        width: root.width
        y: access.y - height
    }
    Rectangle {
        height: 260
        visible: root.art
        width: root.width
        y: 360

        gradient: Gradient {
            GradientStop {
                color: Qt.alpha(Theme.paper, 0)
                position: 0
            }
            GradientStop {
                color: Theme.paper
                position: 0.82
            }
        }
    }
    HeaderBar {
        id: header

        height: Sizes.header
        home: root.home
        visible: !root.bare && !root.art
        width: root.width

        onLeavePressed: root.leavePressed()
    }
    StepsBar {
        id: steps

        height: Sizes.steps
        steps: Flow.frame.steps
        visible: root.stepped
        width: root.width - 2 * Sizes.margin
        x: Sizes.margin
        y: header.height
    }
    Banner {
        id: banner

        text: Flow.page.bannerText ?? ""
        title: Flow.page.banner ?? ""
        visible: root.home && title !== ""
        width: root.width
        y: header.height + 8 + talk.implicitHeight
    }
    TalkStrip {
        id: talk

        width: root.width
        y: root.art ? 0 : header.height + (root.stepped ? Sizes.steps : 0)
        z: 1
    }
    ColumnLayout {
        id: body

        readonly property real start: root.bare ? 0 : root.art ? talk.implicitHeight + 100 : banner.visible ? banner.y + banner.height + 28 : talk.implicitHeight + header.height + (root.stepped ? Sizes.steps : 0) + (Theme.elder ? 20 : root.home ? 44 : 34)

        height: (root.bare ? root.height : access.y - (action.empty ? 24 : Theme.elder ? 28 : 42)) - y
        spacing: 0
        width: root.width - 2 * x
        x: root.bare ? 0 : Sizes.margin
        y: start

        TitleBlock {
            Layout.bottomMargin: banner.visible ? 20 : host.kind === "pay" ? 4 : Theme.elder ? 28 : Flow.page.lead ? 48 : 34
            Layout.fillWidth: true
            centred: host.kind === "pay"
            order: ["identify", "capture", "scan", "ukey"].includes(host.kind)
            small: banner.visible
            visible: !root.bare && !root.art
        }
        Loader {
            Layout.bottomMargin: 34
            Layout.fillWidth: true
            active: root.art
            visible: active

            sourceComponent: ArrivalHead {
                width: body.width
            }
        }
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
    AccessBar {
        id: access

        height: Sizes.accessBar
        visible: !root.bare
        width: root.width
        y: root.height - Sizes.status - Sizes.accessBar

        onHelpPressed: root.helpPressed()
        onStaffPressed: root.staffPressed()
    }
    StatusBar {
        height: Sizes.status
        visible: !root.bare
        width: root.width
        y: root.height - Sizes.status
    }
    Turning {
        content: body
        still: root.bare
    }
}
