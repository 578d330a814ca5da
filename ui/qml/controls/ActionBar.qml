pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// What can be done with the page: quiet links, a note, the second button, the one main button.
Item {
    id: root

    readonly property bool arrow: ["done", "farewell", "message", "rate"].indexOf(Flow.kind) < 0
    readonly property bool beside: Theme.landscape && root.page.action !== "" && root.page.note !== ""
    readonly property bool empty: root.page.action === "" && !root.page.second && root.page.quiet.length === 0 && root.page.note === ""
    readonly property real lift: root.page.quiet.length > 0 ? Math.max(0, root.slack - 12) : 0
    readonly property var page: Flow.page
    property real slack: 0
    property bool quietCentred: Flow.kind === "done"

    implicitHeight: root.empty ? 0 : column.implicitHeight

    ColumnLayout {
        id: column

        spacing: Theme.elder ? 16 : root.quietCentred ? 12 : 24
        width: root.width

        RowLayout {
            Layout.fillWidth: true
            spacing: Sizes.gap
            visible: root.page.quiet.length > 0

            transform: Matrix4x4 {
                matrix: Qt.matrix4x4(1, 0, 0, 0, 0, 1, 0, -root.lift, 0, 0, 1, 0, 0, 0, 0, 1)
            }

            Item {
                Layout.fillWidth: true
                visible: root.quietCentred && root.page.quiet.length === 1
            }
            Repeater {
                model: root.page.quiet.length

                QuietLink {
                    required property int index
                    readonly property var choice: root.page.quiet[index] ?? ({})

                    Layout.fillWidth: root.page.quiet.length > 1
                    Layout.preferredWidth: root.page.quiet.length > 1 ? 100 : implicitWidth
                    iconName: choice.icon ?? ""
                    lead: choice.note ?? ""
                    low: root.quietCentred
                    objectName: "second:" + (choice.id ?? "")
                    text: choice.title ?? ""
                    toTheRight: root.page.quiet.length > 1 && index === root.page.quiet.length - 1

                    onClicked: Flow.second(choice.id)
                }
            }
            Item {
                Layout.fillWidth: true
                visible: root.page.quiet.length === 1
            }
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.note
            horizontalAlignment: root.page.action !== "" || Flow.kind === "home" || Flow.kind === "dispense" || Theme.elder ? Text.AlignHCenter : Text.AlignLeft
            leading: 1.4
            text: root.page.note
            visible: text !== "" && !root.beside

            transform: Matrix4x4 {
                matrix: Qt.matrix4x4(1, 0, 0, 0, 0, 1, 0, -root.lift * 0.6, 0, 0, 1, 0, 0, 0, 0, 1)
            }
        }
        RowLayout {
            Layout.bottomMargin: 6
            Layout.fillWidth: true
            spacing: Sizes.gap
            visible: root.page.action !== "" || !!root.page.second

            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: 340
                color: Theme.inkMuted
                font.pixelSize: Sizes.note
                leading: 1.4
                text: root.page.note
                visible: root.beside
            }
            SecondButton {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.maximumHeight: Math.max(implicitHeight, 140)
                Layout.maximumWidth: root.page.action === "" ? root.width : Math.max(340, root.width * 0.42)
                Layout.preferredWidth: root.page.action === "" ? root.width : 340
                iconName: root.page.second?.icon ?? ""
                implicitHeight: Sizes.targetMain
                objectName: "second:" + (root.page.second?.id ?? "")
                radius: Sizes.radiusMain
                text: root.page.second?.title ?? ""
                visible: !!root.page.second

                onClicked: Flow.second(root.page.second.id)
            }
            MainButton {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.maximumHeight: Math.max(implicitHeight, 140)
                Layout.preferredWidth: 620
                arrow: root.arrow
                enabled: root.page.actionEnabled
                iconName: root.page.actionIcon
                objectName: "main"
                text: root.page.action
                visible: root.page.action !== ""

                onClicked: Flow.proceed()
            }
        }
    }
}
